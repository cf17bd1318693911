using CioOrleans.Calls;
using CioOrleans.Discarding;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class FindCallsContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private static readonly Ulid _import = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");

    [Fact]
    public async Task Calls_are_found_by_each_thing_that_a_filter_can_say()
    {
        var id = (await AppendAsync(Customer("1"), 1)).CallId;
        await AppendAsync(Customer("1"), 2, TestCalls.Any() with { Kind = CallKind.Identify, LimitClass = LimitClass.Identify });
        await AppendAsync(Customer("2"), 1, TestCalls.Any(LimitClass.Pipelines));
        await AppendAsync(Customer("2"), 2, TestCalls.Any(LimitClass.TransactionalEmail) with { Kind = CallKind.Send, AcceptedAt = TestCalls.Noon.AddTicks(-1) });
        await AppendAsync(Customer("3"), 1, TestCalls.Any(LimitClass.Batch) with { Priority = CallPriority.Bulk, Notes = new CallNotes { Import = _import } });
        await AppendAsync(Customer("1", "beta"), 1);

        await ExpectAsync(new CallFilter(), ("id:1", 2), ("id:2", 2), ("id:3", 1));
        await ExpectAsync(new CallFilter { CallId = id }, ("id:1", 1));
        await ExpectAsync(new CallFilter { Kind = CallKind.Identify }, ("id:1", 1));
        await ExpectAsync(new CallFilter { LimitClass = LimitClass.Track }, ("id:1", 1));
        await ExpectAsync(new CallFilter { Host = UpstreamHost.Track }, ("id:1", 2), ("id:3", 1));
        await ExpectAsync(new CallFilter { Host = UpstreamHost.App }, ("id:2", 1));
        await ExpectAsync(new CallFilter { Host = UpstreamHost.Pipelines }, ("id:2", 1));
        await ExpectAsync(new CallFilter { AcceptedBefore = TestCalls.Noon }, ("id:2", 1));
        await ExpectAsync(new CallFilter { Import = _import }, ("id:3", 1));
        await ExpectAsync(new CallFilter { Host = UpstreamHost.App, LimitClass = LimitClass.Track });
        await ExpectAsync(new CallFilter { Kind = CallKind.Send, Host = UpstreamHost.App, AcceptedBefore = TestCalls.Noon }, ("id:2", 1));
        Assert.Empty((await Outbox.FindCallsAsync("unknown", new CallFilter(), null)).Customers);
    }

    [Fact]
    public async Task A_barrier_is_never_found_and_a_row_that_was_removed_not_either()
    {
        await AppendAsync(Customer("1"), 1, TestCalls.Any() with { Kind = CallKind.MergeBarrier });
        var gone = await AppendAsync(Customer("1"), 2);
        await AppendAsync(Customer("1"), 3);
        await CompleteAsync(gone);

        await ExpectAsync(new CallFilter(), ("id:1", 1));
        await ExpectAsync(new CallFilter { Kind = CallKind.MergeBarrier });
    }

    [Fact]
    public async Task Rows_in_the_middle_and_at_the_end_of_a_queue_can_be_removed_and_the_fence_holds()
    {
        List<RowKey> rows = [];
        for (var sequence = 1; sequence <= 6; sequence++)
        {
            rows.Add(await AppendAsync(Customer("1"), sequence));
        }

        await CompleteAsync(rows[1], rows[3], rows[5]);

        await ExpectSequencesAsync(Customer("1"), 1, 3, 5);
        await ReopenAsync();
        await ExpectSequencesAsync(Customer("1"), 1, 3, 5);
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 6, TestCalls.Any()));
        await AppendAsync(Customer("1"), 7);
        await CompleteAsync(rows[0]);
        await ExpectSequencesAsync(Customer("1"), 3, 5, 7);
    }

    [Fact]
    public async Task A_workspace_with_many_calls_is_read_in_stretches()
    {
        const int customers = 60;
        const int each = 1_000;
        await Task.WhenAll(Enumerable.Range(0, customers).SelectMany(customer => Enumerable.Range(1, each)
            .Select(sequence => Outbox.AppendAsync(Customer($"{customer}"), sequence, TestCalls.Any(sequence % 2 == 0 ? LimitClass.Track : LimitClass.Pipelines)).AsTask())));

        var pages = await PagesAsync(new CallFilter { Host = UpstreamHost.Pipelines });

        Assert.True(pages.Count > 1, "All calls came in one page.");
        var counts = pages.SelectMany(page => page.Customers).GroupBy(found => found.Customer).ToDictionary(found => found.Key, found => found.Sum(one => one.Count));
        Assert.Equal(customers, counts.Count);
        Assert.All(counts.Values, count => Assert.Equal(each / 2, count));
    }

    private async Task ExpectAsync(CallFilter filter, params (string Customer, long Count)[] expected) =>
        Assert.Equal(expected, (await PagesAsync(filter)).SelectMany(page => page.Customers).Select(found => (found.Customer, found.Count)).Order());

    private async Task<List<MatchPage>> PagesAsync(CallFilter filter)
    {
        List<MatchPage> pages = [];
        long? after = null;
        do
        {
            pages.Add(await Outbox.FindCallsAsync(Workspace, filter, after));
            after = pages[^1].Next;
        }
        while (after is not null);
        return pages;
    }
}
