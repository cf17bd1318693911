using System.Globalization;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class HeadsContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task An_empty_workspace_has_one_empty_page()
    {
        var page = await Outbox.ReadHeadsAsync(Workspace, null, 10);

        Assert.Empty(page.Heads);
        Assert.Null(page.Next);
        Assert.Empty((await NewWorkAsync(page.Position)).Heads);
    }

    [Fact]
    public async Task A_head_says_what_the_first_row_is()
    {
        var first = await AppendAsync(Customer("1"), 1, TestCalls.Any(LimitClass.Page) with { Priority = CallPriority.Bulk });
        var second = await AppendAsync(Customer("1"), 2, TestCalls.Any(LimitClass.Broadcast));

        Assert.Equal(HeadState.Of(LimitClass.Page, CallPriority.Bulk), (await HeadsAsync(10))["id:1"]);

        await Outbox.PostponeAsync(first, 4, TestCalls.Noon, "timeout");
        Assert.Equal(HeadState.Of(LimitClass.Page, CallPriority.Bulk, 4, TestCalls.Noon), (await HeadsAsync(10))["id:1"]);

        await CompleteAsync(first);
        Assert.Equal(HeadState.Of(LimitClass.Broadcast), (await HeadsAsync(10))["id:1"]);

        await CompleteAsync(second);
        Assert.Empty(await HeadsAsync(10));
    }

    [Fact]
    public async Task Workspaces_do_not_see_each_other()
    {
        await AppendAsync(Customer("1"), 1, TestCalls.Any(LimitClass.Page));
        await AppendAsync(Customer("1", "other"), 1, TestCalls.Any(LimitClass.Batch));
        await AppendAsync(Customer("2", "other"), 1);

        Assert.Equal(["id:1"], (await HeadsAsync(1)).Keys);
        Assert.Equal(LimitClass.Page, (await HeadsAsync(1))["id:1"].LimitClass);
        Assert.Equal(["id:1", "id:2"], (await HeadsAsync(1, "other")).Keys.Order());
        Assert.Equal((1, 2), (await Outbox.CountWaitingAsync(Workspace), await Outbox.CountWaitingAsync("other")));
        Assert.Equal(["id:1"], (await NewWorkAsync(0)).Heads.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task Pages_hold_every_waiting_customer_once(int pageSize)
    {
        // Some are tried, some restarted, some young: an outbox may keep them in different places.
        List<Task> writes = [];
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync(Customer(i.ToString(CultureInfo.InvariantCulture)), 1);
        }

        await ReopenAsync();
        HashSet<string> expected = [];
        for (var i = 0; i < 40; i++)
        {
            var customer = Customer(i.ToString(CultureInfo.InvariantCulture));
            var row = (await ReadAsync(customer)).Rows[0].Key;
            writes.Add((i % 4) switch
            {
                0 => CompleteAsync(row),
                1 => Outbox.PostponeAsync(row, 1, TestCalls.Noon, "503").AsTask(),
                2 => AppendAsync(customer, 2),
                _ => Task.CompletedTask,
            });
            writes.Add(AppendAsync(Customer("young-" + i), 1));
            expected.Add("id:young-" + i);
            if (i % 4 != 0)
            {
                expected.Add(customer.Customer);
            }
        }

        await Task.WhenAll(writes);

        Assert.Equal(expected.Order(), (await HeadsAsync(pageSize)).Keys.Order());
    }

    [Fact]
    public async Task Pages_go_on_behind_queues_that_are_far_longer_than_a_page()
    {
        for (var sequence = 1; sequence <= 45; sequence++)
        {
            await Task.WhenAll(AppendAsync(Customer("long-1"), sequence), AppendAsync(Customer("long-2"), sequence));
            if (sequence == 1)
            {
                await Task.WhenAll(AppendAsync(Customer("short-1"), 1), AppendAsync(Customer("short-2"), 1), AppendAsync(Customer("short-3"), 1));
            }
        }

        foreach (var pageSize in new[] { 1, 2, 3, 5, 100 })
        {
            Assert.Equal(["id:long-1", "id:long-2", "id:short-1", "id:short-2", "id:short-3"], (await HeadsAsync(pageSize)).Keys.Order());
        }
    }

    [Fact]
    public async Task New_work_is_what_came_after_a_page_was_read()
    {
        await AppendAsync(Customer("old"), 1, TestCalls.Any(LimitClass.Page));
        await AppendAsync(Customer("untouched"), 1);
        var position = (await Outbox.ReadHeadsAsync(Workspace, null, 1)).Position;
        Assert.Empty((await NewWorkAsync(position)).Heads);

        await AppendAsync(Customer("old"), 2, TestCalls.Any(LimitClass.Batch));
        await AppendAsync(Customer("new"), 1, TestCalls.Any(LimitClass.Query));
        await CompleteAsync(await AppendAsync(Customer("done"), 1));

        var (heads, next) = await NewWorkAsync(position, pageSize: 1);
        Assert.Equal(["id:new", "id:old"], heads.Keys.Order());
        Assert.Equal(HeadState.Of(LimitClass.Page), heads["id:old"]);
        Assert.Equal(HeadState.Of(LimitClass.Query), heads["id:new"]);
        Assert.Empty((await NewWorkAsync(next)).Heads);
    }

    [Fact]
    public async Task Positions_rise_though_the_newest_rows_are_gone_and_the_outbox_was_reopened()
    {
        var row = await AppendAsync(Customer("1"), 1);
        var position = (await Outbox.ReadHeadsAsync(Workspace, null, 10)).Position;
        await CompleteAsync(row);
        await AppendAsync(Customer("2"), 1);
        var (first, afterFirst) = await NewWorkAsync(position);
        await ReopenAsync();
        await AppendAsync(Customer("3"), 1);

        Assert.Equal(["id:2"], first.Keys);
        Assert.Equal(["id:3"], (await NewWorkAsync(afterFirst)).Heads.Keys);
    }

    [Fact]
    public async Task A_hundred_thousand_rows_are_paged_in_pages_of_bounded_size()
    {
        var customers = Enumerable.Range(0, 2_000).Select(i => Customer(i.ToString(CultureInfo.InvariantCulture))).ToArray();
        List<Task<AppendResult>> appends = new(100_000);
        for (var sequence = 1; sequence <= 50; sequence++)
        {
            foreach (var customer in customers)
            {
                appends.Add(Outbox.AppendAsync(customer, sequence, TestCalls.Any()).AsTask());
            }

            await Task.WhenAll(appends);
        }

        Assert.All(appends, append => Assert.Equal(AppendResult.Appended.Instance, append.Result));
        Assert.Equal(100_000, await Outbox.CountWaitingAsync(Workspace));
        Assert.Equal(2_000, (await HeadsAsync(300)).Count);
        Assert.Equal(2_000, (await NewWorkAsync(0, 300)).Heads.Count);
        await ExpectSequencesAsync(customers[1_234], [.. Enumerable.Range(1, 50).Select(i => (long)i)]);
        await ReopenAsync();
        Assert.Equal(2_000, (await HeadsAsync(300)).Count);
        await ExpectSequencesAsync(customers[1_234], [.. Enumerable.Range(1, 50).Select(i => (long)i)]);
    }
}
