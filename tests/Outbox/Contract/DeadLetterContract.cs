using CioOrleans.Calls;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class DeadLetterContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task A_dead_letter_keeps_the_whole_call_and_why_it_died()
    {
        var call = TestCalls.Odd();
        var row = await AppendAsync(Customer("jürgen"), 1, call);
        var diedAt = TestCalls.Noon.AddTicks(3);

        Assert.IsType<WriteResult.Written>(await Outbox.DeadLetterAsync(row, 6, "500 nach 6 Versuchen: größer", diedAt));
        await ReopenAsync();

        var letter = await DeadLetters.FindDeadLetterAsync(Workspace, call.Id);
        Assert.NotNull(letter);
        TestCalls.AssertSame(call, letter.Call);
        Assert.Equal(("id:jürgen", 6, "500 nach 6 Versuchen: größer", diedAt), (letter.Customer, letter.Attempts, letter.Reason, letter.DiedAt));
        Assert.Empty((await ReadAsync(Customer("jürgen"))).Rows);
        Assert.Empty(await HeadsAsync(10));
    }

    [Fact]
    public async Task A_tried_row_can_die_too_and_the_one_behind_it_goes_on()
    {
        var row = await AppendAsync(Customer("1"), 1);
        await AppendAsync(Customer("1"), 2);
        await Outbox.PostponeAsync(row, 1, TestCalls.Noon, "503");

        await DeadLetterAsync(row);
        await DeadLetterAsync(row);

        await ExpectSequencesAsync(Customer("1"), 2);
        Assert.Equal(1, await DeadLetters.CountDeadLettersAsync(Workspace));
    }

    [Fact]
    public async Task The_sequence_of_a_dead_letter_is_not_given_out_again()
    {
        await DeadLetterAsync(await AppendAsync(Customer("1"), 4));
        await ReopenAsync();

        Assert.Equal(4, (await ReadAsync(Customer("1"))).LastSequence);
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 4, TestCalls.Any()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_a_merge_and_its_barrier_both_die_the_merge_is_kept(bool mergeFirst)
    {
        var merge = TestCalls.Odd();
        var row = await AppendAsync(Customer("primary"), 1, merge);
        var barrier = await AppendAsync(Customer("secondary"), 1, merge with { Kind = CallKind.MergeBarrier });

        await DeadLetterAsync(mergeFirst ? row : barrier);
        await DeadLetterAsync(mergeFirst ? barrier : row);

        var letter = await DeadLetters.FindDeadLetterAsync(Workspace, merge.Id);
        Assert.Equal(("id:primary", CallKind.Merge), (letter!.Customer, letter.Call.Kind));
    }

    [Fact]
    public async Task Pages_hold_every_letter_once_oldest_call_first()
    {
        List<RowKey> rows = [];
        for (var i = 0; i < 10; i++)
        {
            rows.Add(await AppendAsync(Customer("1"), i + 1));
        }

        foreach (var row in Enumerable.Reverse(rows))
        {
            await DeadLetterAsync(row);
        }

        await DeadLetterAsync(await AppendAsync(Customer("1", "other"), 1));

        List<Ulid> seen = [];
        Ulid? next = null;
        do
        {
            var page = await DeadLetters.ReadDeadLettersAsync(Workspace, next, 3);
            Assert.True(page.DeadLetters.Count <= 3);
            seen.AddRange(page.DeadLetters.Select(letter => letter.Call.Id));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(rows.Select(row => row.CallId), seen);
        Assert.Equal(10, await DeadLetters.CountDeadLettersAsync(Workspace));
    }

    [Fact]
    public async Task A_replay_moves_the_letter_to_the_end_of_the_queue_once()
    {
        var call = TestCalls.Odd();
        await DeadLetterAsync(await AppendAsync(Customer("1"), 1, call));
        await AppendAsync(Customer("1"), 2);

        Assert.IsType<AppendResult.Appended>(await Outbox.AppendAsync(Customer("1"), 3, call, replaces: call.Id));
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 4, call, replaces: call.Id));

        var queue = await ReadAsync(Customer("1"));
        Assert.Equal([2, 3], queue.Rows.Select(row => row.Sequence));
        Assert.Equal(3, queue.LastSequence);
        TestCalls.AssertSame(call, queue.Rows[1].Call);
        Assert.Equal(0, await DeadLetters.CountDeadLettersAsync(Workspace));
    }

    [Fact]
    public async Task A_replay_under_a_taken_sequence_leaves_the_letter_where_it_is()
    {
        var call = TestCalls.Any();
        await DeadLetterAsync(await AppendAsync(Customer("1"), 1, call));

        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 1, call, replaces: call.Id));

        Assert.NotNull(await DeadLetters.FindDeadLetterAsync(Workspace, call.Id));
        await ExpectSequencesAsync(Customer("1"));
    }

    [Fact]
    public async Task A_replayed_call_can_die_again()
    {
        var call = TestCalls.Any();
        await DeadLetterAsync(await AppendAsync(Customer("1"), 1, call));
        await Outbox.AppendAsync(Customer("1"), 2, call, replaces: call.Id);

        await DeadLetterAsync(new RowKey(Customer("1"), 2, call.Id));

        Assert.NotNull(await DeadLetters.FindDeadLetterAsync(Workspace, call.Id));
        await ExpectSequencesAsync(Customer("1"));
    }

    [Fact]
    public async Task A_discarded_letter_is_gone_for_good()
    {
        var row = await AppendAsync(Customer("1"), 1);
        await DeadLetterAsync(row);

        Assert.False(await DeadLetters.DiscardDeadLetterAsync("other", row.CallId));
        Assert.True(await DeadLetters.DiscardDeadLetterAsync(Workspace, row.CallId));
        Assert.False(await DeadLetters.DiscardDeadLetterAsync(Workspace, row.CallId));
        Assert.Null(await DeadLetters.FindDeadLetterAsync(Workspace, row.CallId));
        Assert.Equal(0, await DeadLetters.CountDeadLettersAsync(Workspace));
    }
}
