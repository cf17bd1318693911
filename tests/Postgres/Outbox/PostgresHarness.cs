using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Leasing;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Postgres.Tests.Outbox;

public class PostgresHarness : OutboxHarness
{
    private static readonly Lazy<Task<TestDatabase>> _shared = new(CreateAsync);

    private string _connectionString = "";
    private PostgresOutbox? _outbox;
    private PostgresLeaseStore? _leases;

    public override IOutbox Outbox => _outbox!;

    public override IDeadLetterStore DeadLetters => _outbox!;

    public override IWorkspaceStateStore States => _outbox!;

    public override ISendResultStore SendResults => _outbox!;

    public override IAuditStore Audit => _outbox!;

    public override IRefusedCallStore Refused => new PostgresRefusedCalls(_outbox!);

    public override IHistoryStore History => _outbox!;

    public override IListStore Lists => _outbox!;

    public override ILeaseStore Leases => _leases!;

    protected virtual int Writers => 1;

    public override async Task StartAsync()
    {
        _connectionString = (await _shared.Value).ConnectionString;
        await TestDatabase.EmptyAsync(_connectionString);
        await OpenAsync();
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public override async Task ReopenAfterAsync(string sql)
    {
        await CloseAsync();
        await TestDatabase.ExecuteAsync(_connectionString, sql);
        await OpenAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        if (database.IsAvailable)
        {
            PostgresMigrations.Run(database.ConnectionString);
        }

        return database;
    }

    private async Task OpenAsync()
    {
        _outbox = new PostgresOutbox(
            _connectionString, new PostgresOutboxOptions { Writers = Writers }, TimeProvider.System, NullLogger<PostgresOutbox>.Instance);
        await _outbox.OpenAsync();
        _leases = new PostgresLeaseStore(
            _connectionString, _ => TimeSpan.FromSeconds(7), TimeProvider.System, NullLogger<PostgresLeaseStore>.Instance);
        await _leases.StartAsync();
    }

    private async Task CloseAsync()
    {
        if (_leases is not null)
        {
            await _leases.DisposeAsync();
        }

        if (_outbox is not null)
        {
            await _outbox.DisposeAsync();
        }
    }
}
