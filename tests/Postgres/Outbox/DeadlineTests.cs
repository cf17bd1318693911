using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;

namespace CioOrleans.Postgres.Tests.Outbox;

/// <summary>
/// An append that comes late. A grain numbers a call before its deadline, and then its process is frozen, or the database cannot be reached: the caller has been told 503 and others may
/// have been acknowledged since. A sequence that a newer activation has used is refused. Behind it stand sequences that it has not used, and those are refused by the deadline.
/// Where the newer activation has appended nothing, nothing was acknowledged since, and the order would be right; the deadline refuses those too.
/// </summary>
public sealed class DeadlineTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private PostgresOutbox _frozen = null!;
    private PostgresOutbox _newer = null!;

    public async ValueTask InitializeAsync()
    {
        if (database.IsAvailable)
        {
            _frozen = await PostgresOutboxFactory.OpenAsync(database.ConnectionString);
            _newer = await PostgresOutboxFactory.OpenAsync(database.ConnectionString);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (database.IsAvailable)
        {
            await _frozen.DisposeAsync();
            await _newer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_late_append_is_refused_whether_or_not_its_sequence_was_used()
    {
        database.Require();
        var customer = new CustomerAddress("acme", "id:late");
        var (past, future) = (await InAsync(-0.001), await InAsync(60));

        Assert.IsType<AppendResult.Expired>(await _frozen.AppendAsync(customer, 1, TestCalls.Any(), deadline: past));
        Assert.IsType<AppendResult.Appended>(await _newer.AppendAsync(customer, 1, TestCalls.Any(), deadline: future));
        Assert.IsType<AppendResult.Appended>(await _newer.AppendAsync(customer, 2, TestCalls.Any(), deadline: future));
        var late = Enumerable.Range(1, 5).Select(sequence => _frozen.AppendAsync(customer, sequence, TestCalls.Any(), deadline: past).AsTask()).ToArray();

        Assert.All(await Task.WhenAll(late), result => Assert.IsNotType<AppendResult.Appended>(result));
        Assert.Equal([1, 2], (await _newer.ReadQueueAsync(customer, 0, 100, int.MaxValue)).Rows.Select(row => row.Sequence));
    }

    [Fact]
    public async Task Of_calls_in_one_group_those_alone_are_refused_that_are_late()
    {
        database.Require();
        var (customer, other) = (new CustomerAddress("acme", "id:mixed"), new CustomerAddress("acme", "id:in-time"));
        var (past, future) = (await InAsync(-0.001), await InAsync(60));

        var results = await Task.WhenAll(
            _frozen.AppendAsync(customer, 1, TestCalls.Any(), deadline: future).AsTask(),
            _frozen.AppendAsync(customer, 2, TestCalls.Any(), deadline: past).AsTask(),
            _frozen.AppendAsync(other, 1, TestCalls.Any(), deadline: future).AsTask(),
            _frozen.AppendAsync(customer, 3, TestCalls.Any()).AsTask(),
            _frozen.AppendAsync(customer, 4, TestCalls.Any(), deadline: future).AsTask());

        AppendResult appended = AppendResult.Appended.Instance;
        Assert.Equal([appended, AppendResult.Expired.Instance, appended, appended, appended], results);
        Assert.Equal([1, 3, 4], (await _newer.ReadQueueAsync(customer, 0, 100, int.MaxValue)).Rows.Select(row => row.Sequence));
    }

    [Fact]
    public async Task A_late_replay_leaves_its_dead_letter()
    {
        database.Require();
        var customer = new CustomerAddress("acme", "id:replayed");
        var call = TestCalls.Any();
        await _newer.AppendAsync(customer, 1, call);
        await _newer.DeadLetterAsync(new RowKey(customer, 1, call.Id), 1, "400", TestCalls.Noon);

        Assert.IsType<AppendResult.Expired>(await _frozen.AppendAsync(customer, 2, call, call.Id, await InAsync(-0.001)));
        Assert.NotNull(await _newer.FindDeadLetterAsync("acme", call.Id));

        Assert.IsType<AppendResult.Appended>(await _frozen.AppendAsync(customer, 3, call, call.Id, await InAsync(60)));
        Assert.Null(await _newer.FindDeadLetterAsync("acme", call.Id));
        Assert.IsType<AppendResult.Conflict>(await _frozen.AppendAsync(customer, 4, call, call.Id, await InAsync(60)));
    }

    /// <summary>By the database's clock.</summary>
    private async Task<AcceptDeadline> InAsync(double seconds)
    {
        var now = await TestDatabase.ScalarAsync<DateTime>(database.ConnectionString, "select clock_timestamp()");
        return new AcceptDeadline(now - DateTime.UnixEpoch + TimeSpan.FromSeconds(seconds));
    }
}
