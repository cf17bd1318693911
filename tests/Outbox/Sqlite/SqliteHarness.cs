using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.Leasing;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Outbox.Tests.Sqlite;

public sealed class SqliteHarness : OutboxHarness
{
    private readonly DataFolder _folder = new();
    private SqliteOutbox? _outbox;
    private SqliteLeaseStore? _leases;

    public override IOutbox Outbox => _outbox!;

    public override IDeadLetterStore DeadLetters => _outbox!;

    public override IWorkspaceStateStore States => _outbox!;

    public override ISendResultStore SendResults => _outbox!;

    public override IAuditStore Audit => _outbox!;

    public override IRefusedCallStore Refused => new SqliteRefusedCalls(_outbox!);

    public override IHistoryStore History => _outbox!;

    public override IListStore Lists => _outbox!;

    public override ILeaseStore Leases => _leases!;

    public override async Task StartAsync()
    {
        _outbox = new SqliteOutbox($"Data Source={_folder.File("cio.db")}", TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        _leases = new SqliteLeaseStore(_outbox, _ => TimeSpan.FromSeconds(30), TimeProvider.System);
        await _outbox.StartAsync();
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await StartAsync();
    }

    public override async Task ReopenAfterAsync(string sql)
    {
        await CloseAsync();
        await using (var connection = new SqliteConnection($"Data Source={_folder.File("cio.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }

        await StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task CloseAsync()
    {
        _leases?.Dispose();
        await _outbox!.DisposeAsync();
    }
}
