using CioOrleans.Outbox;
using CioOrleans.Outbox.Postgres;
using CioOrleans.Postgres.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Postgres;

/// <summary>What is particular to this outbox; what any outbox must do is in the contract suite.</summary>
public sealed class OutboxTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private PostgresOutbox _outbox = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.MissingReason is null)
        {
            _outbox = await OpenAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_outbox is not null)
        {
            await _outbox.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_call_comes_back_as_it_was_appended_and_goes_when_it_is_complete()
    {
        database.Require();
        var customer = TestCalls.Customer("1");
        var call = TestCalls.Make();

        Assert.IsType<AppendResult.Appended>(await _outbox.AppendAsync(customer, 1, call));

        var queue = await _outbox.ReadQueueAsync(customer, 0, 16, 65_536);
        var row = Assert.Single(queue.Rows);
        Assert.Equal(call with { Body = row.Call.Body }, row.Call);
        Assert.Equal(call.Body, row.Call.Body);
        Assert.Equal((1L, 1L, 1L), (row.Sequence, queue.LastSequence, queue.Waiting));

        Assert.IsType<WriteResult.Written>(await _outbox.CompleteAsync(row.Key));
        queue = await _outbox.ReadQueueAsync(customer, 0, 16, 65_536);
        Assert.Empty(queue.Rows);
        Assert.Equal((1L, 0L), (queue.LastSequence, queue.Waiting));
    }

    private async Task<PostgresOutbox> OpenAsync(PostgresOutboxOptions? options = null)
    {
        var outbox = new PostgresOutbox(database.ConnectionString, options ?? new PostgresOutboxOptions(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance);
        await outbox.OpenAsync();
        return outbox;
    }
}
