using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class QueueContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task A_queue_that_was_never_written_is_empty()
    {
        var queue = await ReadAsync(Customer("1"));

        Assert.Empty(queue.Rows);
        Assert.Equal((0, false), (queue.LastSequence, queue.HasMore));
    }

    [Fact]
    public async Task Rows_come_back_in_the_order_of_their_sequences()
    {
        foreach (var sequence in new long[] { 1, 2, 5, 1_000_000_000_000 })
        {
            await AppendAsync(Customer("1"), sequence);
            await AppendAsync(Customer("2"), sequence + 1);
        }

        var queue = await ReadAsync(Customer("1"));

        Assert.Equal([1, 2, 5, 1_000_000_000_000], queue.Rows.Select(row => row.Sequence));
        Assert.Equal((1_000_000_000_000, 4, false), (queue.LastSequence, queue.Rows.Count, queue.HasMore));
    }

    [Fact]
    public async Task Every_field_of_a_call_comes_back_byte_for_byte()
    {
        var customer = new CustomerAddress(Workspace, "id:Grüße/世界 \ud83d\ude00'\"\u0000%_");
        var odd = TestCalls.Odd();
        var empty = TestCalls.Any() with { Body = [], Headers = [], OtherCustomer = null };
        var large = TestCalls.Any(bodySize: 100_000);
        await AppendAsync(customer, 1, odd);
        await AppendAsync(customer, 2, empty);
        await AppendAsync(customer, 3, large);
        await ReopenAsync();

        var rows = (await ReadAsync(customer)).Rows;

        Assert.Equal(3, rows.Count);
        TestCalls.AssertSame(odd, rows[0].Call);
        TestCalls.AssertSame(empty, rows[1].Call);
        TestCalls.AssertSame(large, rows[2].Call);
        Assert.All(rows, row => Assert.Equal((customer, 0, null, null), (row.Customer, row.Attempts, row.NotBefore, row.LastError)));
    }

    [Fact]
    public async Task Clearing_the_cache_changes_nothing_that_is_stored()
    {
        await AppendAsync(Customer("1"), 1);
        await AppendAsync(Customer("2"), 7);

        await Outbox.ClearCacheAsync();

        await AppendAsync(Customer("1"), 2);
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("2"), 7, TestCalls.Any()));
        Assert.Equal([1, 2], (await ReadAsync(Customer("1"))).Rows.Select(row => row.Sequence));
        Assert.Equal([7], (await ReadAsync(Customer("2"))).Rows.Select(row => row.Sequence));
    }

    [Fact]
    public async Task Reading_starts_behind_the_given_sequence_and_ends_at_the_row_limit()
    {
        for (var sequence = 1; sequence <= 10; sequence++)
        {
            await AppendAsync(Customer("1"), sequence);
        }

        var queue = await ReadAsync(Customer("1"), after: 3, maxRows: 4);

        Assert.Equal([4, 5, 6, 7], queue.Rows.Select(row => row.Sequence));
        Assert.Equal((10, true), (queue.LastSequence, queue.HasMore));
    }

    [Fact]
    public async Task Reading_ends_at_the_byte_limit_but_not_before_the_first_row()
    {
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            await AppendAsync(Customer("1"), sequence, TestCalls.Any(bodySize: 10_000));
        }

        var one = await Outbox.ReadQueueAsync(Customer("1"), 0, 100, maxBytes: 1);
        var two = await Outbox.ReadQueueAsync(Customer("1"), 0, 100, maxBytes: 15_000);

        Assert.Equal([1], one.Rows.Select(row => row.Sequence));
        Assert.Equal([1, 2], two.Rows.Select(row => row.Sequence));
        Assert.Equal((true, true), (one.HasMore, two.HasMore));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whether_rows_follow_is_told_whatever_ended_the_reading_and_wherever_the_rows_are_kept(bool isFirstTried)
    {
        for (var sequence = 1; sequence <= 6; sequence++)
        {
            await AppendAsync(Customer("1"), sequence, TestCalls.Any(bodySize: 1_000));
        }

        if (isFirstTried)
        {
            await Outbox.PostponeAsync((await ReadAsync(Customer("1"))).Rows[0].Key, 1, TestCalls.Noon, "503");
            await AppendAsync(Customer("1"), 7, TestCalls.Any(bodySize: 1_000));
            await AppendAsync(Customer("1"), 8, TestCalls.Any(bodySize: 1_000));
        }

        var rows = isFirstTried ? 8 : 6;
        for (var after = 0; after <= rows; after++)
        {
            for (var most = 1; most <= rows + 1; most++)
            {
                var byRows = await ReadAsync(Customer("1"), after, most);
                var byBytes = await Outbox.ReadQueueAsync(Customer("1"), after, int.MaxValue, maxBytes: most * 1_000);

                Assert.Equal((Math.Min(most, rows - after), after + most < rows), (byRows.Rows.Count, byRows.HasMore));
                Assert.Equal(byBytes.Rows.Count < rows - after, byBytes.HasMore);
            }
        }
    }

    [Fact]
    public async Task A_queue_is_counted_up_to_a_limit()
    {
        for (var sequence = 1; sequence <= 5; sequence++)
        {
            await AppendAsync(Customer("1"), sequence);
        }

        await Outbox.PostponeAsync((await ReadAsync(Customer("1"))).Rows[0].Key, 1, TestCalls.Noon, "503");
        await AppendAsync(Customer("1"), 6);
        await AppendAsync(Customer("2"), 1);

        Assert.Equal((6, 4, 0), (
            await Outbox.CountQueueAsync(Customer("1"), 100), await Outbox.CountQueueAsync(Customer("1"), 4), await Outbox.CountQueueAsync(Customer("unknown"), 100)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(0)]
    public async Task A_sequence_that_is_not_above_all_before_is_a_conflict(long sequence)
    {
        await AppendAsync(Customer("1"), 5);

        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), sequence, TestCalls.Any()));
        await ExpectSequencesAsync(Customer("1"), 5);
    }

    [Fact]
    public async Task A_conflict_refuses_its_own_row_and_no_other()
    {
        await AppendAsync(Customer("1"), 1);

        // Handed over at once, so that they can share a commit.
        var before = Outbox.AppendAsync(Customer("2"), 1, TestCalls.Any()).AsTask();
        var twin = Outbox.AppendAsync(Customer("1"), 1, TestCalls.Any()).AsTask();
        var after = Outbox.AppendAsync(Customer("1"), 2, TestCalls.Any()).AsTask();

        Assert.IsType<AppendResult.Appended>(await before);
        Assert.IsType<AppendResult.Conflict>(await twin);
        Assert.IsType<AppendResult.Appended>(await after);
        await ExpectSequencesAsync(Customer("1"), 1, 2);
        await ExpectSequencesAsync(Customer("2"), 1);
    }

    [Fact]
    public async Task Writes_of_one_customer_take_effect_in_the_order_in_which_they_were_handed_over()
    {
        List<Task<AppendResult>> appends = [];
        for (var sequence = 1; sequence <= 1_000; sequence++)
        {
            appends.Add(Outbox.AppendAsync(Customer("1"), sequence, TestCalls.Any()).AsTask());
        }

        Assert.All(await Task.WhenAll(appends), result => Assert.IsType<AppendResult.Appended>(result));
        await ExpectSequencesAsync(Customer("1"), [.. Enumerable.Range(1, 1_000).Select(i => (long)i)]);
    }

    [Fact]
    public async Task A_row_can_be_completed_in_the_commit_that_appends_it()
    {
        var (first, second) = (TestCalls.Any(), TestCalls.Any());

        var append = Outbox.AppendAsync(Customer("1"), 1, first).AsTask();
        var complete = Outbox.CompleteAsync(new RowKey(Customer("1"), 1, first.Id)).AsTask();
        var next = Outbox.AppendAsync(Customer("1"), 2, second).AsTask();

        Assert.IsType<AppendResult.Appended>(await append);
        Assert.IsType<WriteResult.Written>(await complete);
        Assert.IsType<AppendResult.Appended>(await next);
        await ExpectSequencesAsync(Customer("1"), 2);
    }

    [Fact]
    public async Task Completed_rows_are_gone_and_completing_them_again_is_harmless()
    {
        var first = await AppendAsync(Customer("1"), 1);
        await AppendAsync(Customer("1"), 2);

        await CompleteAsync(first);
        await CompleteAsync(first);

        await ExpectSequencesAsync(Customer("1"), 2);
    }

    [Fact]
    public async Task Completing_the_rows_of_several_customers_is_one_write()
    {
        var one = await AppendAsync(Customer("1"), 1);
        var two = await AppendAsync(Customer("2"), 1);
        var three = await AppendAsync(Customer("3"), 1);

        await CompleteAsync(one, three);

        await ExpectSequencesAsync(Customer("1"));
        await ExpectSequencesAsync(Customer("2"), two.Sequence);
        await ExpectSequencesAsync(Customer("3"));
    }

    [Fact]
    public async Task Completing_the_sequence_of_another_call_removes_nothing()
    {
        var row = await AppendAsync(Customer("1"), 1);

        await CompleteAsync(row with { CallId = TestCalls.Any().Id });
        await ReopenAsync();
        await CompleteAsync(row with { CallId = TestCalls.Any().Id });

        await ExpectSequencesAsync(Customer("1"), 1);
    }

    [Fact]
    public async Task The_last_sequence_survives_completion_and_reopening()
    {
        var first = await AppendAsync(Customer("1"), 6);
        var second = await AppendAsync(Customer("1"), 7);
        await CompleteAsync(second);
        await CompleteAsync(first);

        Assert.Equal(7, (await ReadAsync(Customer("1"))).LastSequence);
        await ReopenAsync();
        Assert.Equal((7, false), ((await ReadAsync(Customer("1"))).LastSequence, (await ReadAsync(Customer("1"))).HasMore));
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 7, TestCalls.Any()));
        Assert.IsType<AppendResult.Appended>(await Outbox.AppendAsync(Customer("1"), 8, TestCalls.Any()));
    }

    [Fact]
    public async Task A_postponed_row_keeps_its_attempts_its_time_and_its_error_through_a_restart()
    {
        var call = TestCalls.Odd();
        var row = await AppendAsync(Customer("1"), 1, call);
        await AppendAsync(Customer("1"), 2);
        var notBefore = TestCalls.Noon.AddTicks(7);

        Assert.IsType<WriteResult.Written>(await Outbox.PostponeAsync(row, 3, notBefore, "503 überlastet"));
        await AppendAsync(Customer("1"), 3);
        await ReopenAsync();

        var rows = (await ReadAsync(Customer("1"))).Rows;
        Assert.Equal([1, 2, 3], rows.Select(r => r.Sequence));
        Assert.Equal((3, notBefore, "503 überlastet"), (rows[0].Attempts, rows[0].NotBefore, rows[0].LastError));
        Assert.Equal((0, null, null), (rows[1].Attempts, rows[1].NotBefore, rows[1].LastError));
        TestCalls.AssertSame(call, rows[0].Call);
    }

    [Fact]
    public async Task Postponing_a_row_that_is_gone_or_another_calls_changes_nothing()
    {
        var gone = await AppendAsync(Customer("1"), 1);
        var row = await AppendAsync(Customer("1"), 2);
        await CompleteAsync(gone);

        Assert.IsType<WriteResult.Written>(await Outbox.PostponeAsync(gone, 1, TestCalls.Noon, "x"));
        Assert.IsType<WriteResult.Written>(await Outbox.PostponeAsync(row with { CallId = gone.CallId }, 1, TestCalls.Noon, "x"));

        var left = Assert.Single((await ReadAsync(Customer("1"))).Rows);
        Assert.Equal((2, 0), (left.Sequence, left.Attempts));
    }
}
