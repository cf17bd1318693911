using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;
using CioOrleans.Workspaces;

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

    [Fact]
    public async Task Dead_letters_are_counted_by_kind_and_cause()
    {
        var first = await DieAsync("1", CallKind.Event, "400: id 1 is taken", minutes: 2);
        await DieAsync("2", CallKind.Event, "400: id 22 is taken", minutes: 1);
        await DieAsync("3", CallKind.Event, "400: id 333 is taken", minutes: 3);
        await DieAsync("4", CallKind.Identify, "400: id 4 is taken", minutes: 4);
        await DieAsync("5", CallKind.Event, "422: id 5 is taken", minutes: 5);
        await DieAsync("6", CallKind.Event, "the connection was reset", minutes: 6);
        await DeadLetterAsync(await AppendAsync(Customer("1", "other"), 1));
        await ReopenAsync();

        var causes = await DeadLetters.ReadDeadLetterCausesAsync(Workspace, 10);

        Assert.Equal(
            new DeadLetterCause(CallKind.Event, FailureCause.Of("400: id 9 is taken").Key, 400, "id # is taken", 3, TestCalls.Noon.AddMinutes(1), TestCalls.Noon.AddMinutes(3), first),
            causes[0]);
        Assert.Equal(
            [(CallKind.Identify, 400, "id # is taken", 1L), (CallKind.Event, 422, "id # is taken", 1L), (CallKind.Event, 0, "the connection was reset", 1L)],
            causes.Skip(1).Select(cause => (cause.Kind, cause.Status, cause.Answer, cause.Count)).OrderBy(cause => cause.Kind).ThenByDescending(cause => cause.Status));
        Assert.Equal(causes.Take(2), await DeadLetters.ReadDeadLetterCausesAsync(Workspace, 2));
    }

    [Fact]
    public async Task A_refused_send_has_a_cause_too()
    {
        var send = TestCalls.Any() with { Kind = CallKind.Send };
        var row = await AppendAsync(Customer("1"), 1, send);
        await Outbox.EndSendAsync(row, new SendResult(422, "{}", TestCalls.Noon, "application/json"), new SendRefusal(1, "422: no such message 7"));

        var cause = Assert.Single(await DeadLetters.ReadDeadLetterCausesAsync(Workspace, 10));

        Assert.Equal((CallKind.Send, 422, "no such message #", send.Id), (cause.Kind, cause.Status, cause.Answer, cause.Example));
    }

    [Fact]
    public async Task A_letter_that_dies_again_of_another_cause_is_counted_there()
    {
        var id = await DieAsync("1", CallKind.Event, "400: no");
        var call = (await DeadLetters.FindDeadLetterAsync(Workspace, id))!.Call;
        await Outbox.AppendAsync(Customer("1"), 2, call, replaces: id);
        await Outbox.DeadLetterAsync(new RowKey(Customer("1"), 2, id), 1, "410: gone", TestCalls.Noon);

        Assert.Equal([(410, 1L)], (await DeadLetters.ReadDeadLetterCausesAsync(Workspace, 10)).Select(cause => (cause.Status, cause.Count)));
    }

    [Fact]
    public async Task Every_condition_of_a_selection_counts()
    {
        var one = await DieAsync("1", CallKind.Event, "400: a", minutes: 1);
        var two = await DieAsync("2", CallKind.Event, "422: b", minutes: 2);
        var three = await DieAsync("2", CallKind.Identify, "503: b", minutes: 3);
        var four = await DieAsync("3", CallKind.Send, AtMostOnce.UnknownOutcome + "timed out", minutes: 4, isOutcomeUnknown: true);
        Ulid[] all = [one, two, three, four];

        await ExpectSelectedAsync(new(), all);
        await ExpectSelectedAsync(new() { Customer = "id:2" }, [two, three]);
        await ExpectSelectedAsync(new() { Kind = CallKind.Event }, [one, two]);
        await ExpectSelectedAsync(new() { StatusFrom = 400, StatusTo = 499 }, [one, two]);
        await ExpectSelectedAsync(new() { StatusFrom = 0, StatusTo = 0 }, [four]);
        await ExpectSelectedAsync(new() { Cause = FailureCause.Of("422: b").Key }, [two]);
        await ExpectSelectedAsync(new() { From = TestCalls.Noon.AddMinutes(2), To = TestCalls.Noon.AddMinutes(4) }, [two, three]);
        await ExpectSelectedAsync(new() { Customer = "id:2", Kind = CallKind.Identify, StatusFrom = 500, StatusTo = 599 }, [three]);
        await ExpectSelectedAsync(new() { Customer = "id:2", Kind = CallKind.Send }, []);
        Assert.Equal(new DeadLetterCount(4, 1), await DeadLetters.CountDeadLettersAsync(Workspace, new DeadLetterSelection()));
        Assert.Equal(new DeadLetterCount(0, 0), await DeadLetters.CountDeadLettersAsync("other", new DeadLetterSelection()));
        Assert.Equal(
            new SelectedDeadLetter(four, "id:3", CallKind.Send, AtMostOnce.UnknownOutcome + "timed out", TestCalls.Noon.AddMinutes(4), true),
            (await DeadLetters.SelectDeadLettersAsync(Workspace, new DeadLetterSelection(), three, 10)).DeadLetters.Single());
    }

    [Fact]
    public async Task The_reason_of_a_selected_letter_is_cut()
    {
        await DieAsync("1", CallKind.Event, "400: " + new string('x', 5_000));

        var letter = (await DeadLetters.SelectDeadLettersAsync(Workspace, new DeadLetterSelection(), null, 10)).DeadLetters.Single();

        Assert.Equal("400: " + new string('x', IDeadLetterStore.SelectedReason - 5), letter.Reason);
    }

    [Fact]
    public async Task Many_letters_are_discarded_at_once_and_each_only_once()
    {
        Ulid[] ids = [await DieAsync("1", CallKind.Event, "400"), await DieAsync("2", CallKind.Event, "400"), await DieAsync("3", CallKind.Event, "400")];

        Assert.Equal(2, (await DeadLetters.DiscardDeadLettersAsync(Workspace, [ids[0], ids[1], Ulid.NewUlid()])).Count);
        Assert.Equal(1, (await DeadLetters.DiscardDeadLettersAsync(Workspace, ids)).Count);
        Assert.Equal(0, (await DeadLetters.DiscardDeadLettersAsync(Workspace, ids)).Count);
        Assert.Equal(0, (await DeadLetters.DiscardDeadLettersAsync(Workspace, [])).Count);
        Assert.Equal(0, await DeadLetters.CountDeadLettersAsync(Workspace));
    }

    [Fact]
    public async Task Letters_of_an_earlier_version_get_their_causes_when_they_are_asked_for()
    {
        for (var i = 0; i < 5; i++)
        {
            await DieAsync($"{i}", CallKind.Event, $"400: customer {i}");
        }

        await ReopenAfterAsync("update dead_letters set status = null, cause = null");
        Assert.Empty(await DeadLetters.ReadDeadLetterCausesAsync(Workspace, 10));

        Assert.Equal(3, await DeadLetters.StoreCausesAsync(Workspace, 3));
        Assert.Equal(2, await DeadLetters.StoreCausesAsync(Workspace, 3));
        Assert.Equal(0, await DeadLetters.StoreCausesAsync(Workspace, 3));
        Assert.Equal([(400, "customer #", 5L)], (await DeadLetters.ReadDeadLetterCausesAsync(Workspace, 10)).Select(cause => (cause.Status, cause.Answer, cause.Count)));
    }

    [Fact]
    public async Task A_letter_that_holds_its_queue_is_found_with_it_also_after_a_restart()
    {
        var merge = TestCalls.Odd();
        var row = await AppendAsync(Customer("1"), 1, merge);
        await AppendAsync(Customer("1"), 2);
        await Outbox.DeadLetterAsync(row, 1, "400: " + new string('x', 5_000), TestCalls.Noon, holds: true);
        await DeadLetterAsync(await AppendAsync(Customer("2"), 1));
        await ReopenAsync();

        var expected = new HeldCall(merge.Id, 1, CallKind.Merge, "400: " + new string('x', IDeadLetterStore.SelectedReason - 5), TestCalls.Noon, merge.OtherCustomer);
        Assert.Equal(expected, (await ReadAsync(Customer("1"))).Held);
        Assert.Equal(expected, (await ReadAsync(Customer("1"), after: 2)).Held);
        Assert.Null((await ReadAsync(Customer("2"))).Held);
        Assert.Null((await ReadAsync(Customer("1", "other"))).Held);
        Assert.Equal([new HeldCustomer("id:1", expected)], (await DeadLetters.ReadHeldAsync(Workspace, null, 10)).Customers);
        Assert.Equal((true, false), ((await DeadLetters.FindDeadLetterAsync(Workspace, merge.Id))!.IsHeld, (await DeadLetters.ReadDeadLettersAsync(Workspace, merge.Id, 1)).DeadLetters[0].IsHeld));
    }

    [Fact]
    public async Task A_letter_that_holds_its_queue_goes_back_to_its_place_once()
    {
        var call = TestCalls.Odd();
        var row = await AppendAsync(Customer("1"), 3, call);
        await AppendAsync(Customer("1"), 4);
        await Outbox.PostponeAsync(row, 4, TestCalls.Noon, "503");
        await Outbox.DeadLetterAsync(row, 1, "400", TestCalls.Noon, holds: true);
        await AppendAsync(Customer("1"), 5);

        Assert.IsType<WriteResult.Refused>(await Outbox.ReplayHeldAsync(row with { Sequence = 2 }));
        Assert.IsType<WriteResult.Refused>(await Outbox.ReplayHeldAsync(row with { CallId = Ulid.NewUlid() }));
        Assert.IsType<WriteResult.Written>(await Outbox.ReplayHeldAsync(row));
        Assert.IsType<WriteResult.Refused>(await Outbox.ReplayHeldAsync(row));
        await ReopenAsync();

        var queue = await ReadAsync(Customer("1"));
        Assert.Equal([3, 4, 5], queue.Rows.Select(other => other.Sequence));
        TestCalls.AssertSame(call, queue.Rows[0].Call);
        Assert.Equal((0, null, null, 5, null), (queue.Rows[0].Attempts, queue.Rows[0].NotBefore, queue.Rows[0].LastError, queue.LastSequence, queue.Held));
        Assert.Equal(0, await DeadLetters.CountDeadLettersAsync(Workspace));
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 5, TestCalls.Any()));
    }

    [Fact]
    public async Task A_letter_that_is_released_or_holds_nothing_does_not_go_back_to_its_place()
    {
        var released = await AppendAsync(Customer("1"), 1);
        await Outbox.DeadLetterAsync(released, 1, "400", TestCalls.Noon, holds: true);
        var free = await AppendAsync(Customer("2"), 1);
        await DeadLetterAsync(free);

        Assert.IsType<WriteResult.Written>(await Outbox.ReleaseHeldAsync(released));
        Assert.IsType<WriteResult.Written>(await Outbox.ReleaseHeldAsync(released));

        Assert.IsType<WriteResult.Refused>(await Outbox.ReplayHeldAsync(released));
        Assert.IsType<WriteResult.Refused>(await Outbox.ReplayHeldAsync(free));
        Assert.Null((await ReadAsync(Customer("1"))).Held);
        Assert.Equal(2, await DeadLetters.CountDeadLettersAsync(Workspace));
    }

    [Fact]
    public async Task A_discard_says_whose_queues_were_held()
    {
        var held = await AppendAsync(Customer("1"), 7);
        await Outbox.DeadLetterAsync(held, 1, "400", TestCalls.Noon, holds: true);
        var free = await AppendAsync(Customer("2"), 1);
        await DeadLetterAsync(free);

        var discarded = await DeadLetters.DiscardDeadLettersAsync(Workspace, [held.CallId, free.CallId]);

        Assert.Equal((2, "id:1", held.CallId, 7), (discarded.Count, discarded.Held.Single().Customer, discarded.Held.Single().Call.Id, discarded.Held.Single().Call.Sequence));
        Assert.Null((await ReadAsync(Customer("1"))).Held);
    }

    [Fact]
    public async Task A_refused_send_holds_its_queue_too_and_its_answer_goes_with_its_replay()
    {
        var send = TestCalls.Any() with { Kind = CallKind.Send };
        var row = await AppendAsync(Customer("1"), 1, send);
        await Outbox.EndSendAsync(row, new SendResult(422, "{}", TestCalls.Noon), new SendRefusal(1, "422") { Holds = true });
        Assert.Equal(send.Id, (await ReadAsync(Customer("1"))).Held?.Id);

        Assert.IsType<WriteResult.Written>(await Outbox.ReplayHeldAsync(row));

        Assert.Null(await SendResults.FindSendResultAsync(Workspace, send.Id));
        await ExpectSequencesAsync(Customer("1"), 1);
    }

    [Fact]
    public async Task Held_customers_come_in_pages()
    {
        for (var i = 0; i < 5; i++)
        {
            await Outbox.DeadLetterAsync(await AppendAsync(Customer($"{i}"), 1), 1, "400", TestCalls.Noon, holds: true);
        }

        List<string> seen = [];
        string? next = null;
        do
        {
            var page = await DeadLetters.ReadHeldAsync(Workspace, next, 2);
            seen.AddRange(page.Customers.Select(customer => customer.Customer));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(["id:0", "id:1", "id:2", "id:3", "id:4"], seen);
    }

    private async Task<Ulid> DieAsync(string customer, CallKind kind, string reason, int minutes = 0, bool isOutcomeUnknown = false)
    {
        var last = (await ReadAsync(Customer(customer))).LastSequence;
        var row = await AppendAsync(Customer(customer), last + 1, TestCalls.Any() with { Kind = kind });
        await Outbox.DeadLetterAsync(row, 1, reason, TestCalls.Noon.AddMinutes(minutes), isOutcomeUnknown);
        return row.CallId;
    }

    private async Task ExpectSelectedAsync(DeadLetterSelection selection, Ulid[] expected)
    {
        List<Ulid> seen = [];
        Ulid? next = null;
        do
        {
            var page = await DeadLetters.SelectDeadLettersAsync(Workspace, selection, next, 2);
            Assert.True(page.DeadLetters.Count <= 2);
            seen.AddRange(page.DeadLetters.Select(letter => letter.Id));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(expected, seen);
        Assert.Equal(expected.Length, (await DeadLetters.CountDeadLettersAsync(Workspace, selection)).Matched);
    }
}
