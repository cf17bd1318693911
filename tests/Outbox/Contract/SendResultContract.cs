using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class SendResultContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private static readonly Ulid _id = Ulid.NewUlid(TestCalls.Noon);
    private static readonly SendResult _answer = new(200, """{"delivery_id":"dlv-ü","queued_at":1}""", TestCalls.Noon.AddTicks(7), "application/json; charset=utf-8");
    private static readonly Guid _attempt = Guid.NewGuid();
    private static readonly SendKey _key = SendKey.Of("order-42", "/v1/send/email", "/v1/send/email", "{}"u8);
    private static readonly SendKey _otherKey = SendKey.Of("order-43", "/v1/send/email", "/v1/send/email", "{}"u8);

    [Fact]
    public async Task An_answer_that_nobody_stored_is_not_found() => Assert.Null(await SendResults.FindSendResultAsync(Workspace, _id));

    [Fact]
    public async Task An_answer_survives_reopening_and_is_found_in_its_workspace_only()
    {
        var row = await AppendAsync(Customer("1"), 1);
        await EndAsync(row, _answer);
        await ReopenAsync();

        Assert.Equal(_answer, await SendResults.FindSendResultAsync(Workspace, row.CallId));
        Assert.Null(await SendResults.FindSendResultAsync("other", row.CallId));
        Assert.Empty((await ReadAsync(Customer("1"))).Rows);
        Assert.Null(await DeadLetters.FindDeadLetterAsync(Workspace, row.CallId));
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendAsync(Customer("1"), 1, TestCalls.Any()));
    }

    [Fact]
    public async Task An_answer_may_have_no_content_type()
    {
        var row = await AppendAsync(Customer("1"), 1);
        await EndAsync(row, _answer with { ContentType = null });

        Assert.Equal(_answer with { ContentType = null }, await SendResults.FindSendResultAsync(Workspace, row.CallId));
    }

    [Fact]
    public async Task A_refused_sends_answer_is_kept_and_its_row_is_a_dead_letter()
    {
        var call = TestCalls.Odd();
        var row = await AppendAsync(Customer("1"), 1, call);

        Assert.IsType<WriteResult.Written>(await Outbox.EndSendAsync(row, _answer with { Status = 400 }, new SendRefusal(3, "400: größer")));
        await ReopenAsync();

        Assert.Equal(_answer with { Status = 400 }, await SendResults.FindSendResultAsync(Workspace, row.CallId));
        var letter = await DeadLetters.FindDeadLetterAsync(Workspace, row.CallId);
        Assert.NotNull(letter);
        TestCalls.AssertSame(call, letter.Call);
        Assert.Equal(("id:1", 3, "400: größer", _answer.StoredAt, false), (letter.Customer, letter.Attempts, letter.Reason, letter.DiedAt, letter.IsOutcomeUnknown));
        Assert.Empty((await ReadAsync(Customer("1"))).Rows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_comes_after_its_send_was_buried_is_not_kept(bool isRefused)
    {
        var row = await AppendAsync(Customer("1"), 1);
        await Outbox.DeadLetterAsync(row, 1, "lost", TestCalls.Noon, isOutcomeUnknown: true);

        Assert.IsType<WriteResult.Written>(await Outbox.EndSendAsync(row, _answer, isRefused ? new SendRefusal(1, "400") : null));

        Assert.Null(await SendResults.FindSendResultAsync(Workspace, row.CallId));
        Assert.Equal(("lost", true), ((await DeadLetters.FindDeadLetterAsync(Workspace, row.CallId))!.Reason, (await DeadLetters.FindDeadLetterAsync(Workspace, row.CallId))!.IsOutcomeUnknown));
    }

    [Fact]
    public async Task The_mark_that_a_sends_attempt_has_begun_survives_reopening_until_that_attempt_takes_it_back()
    {
        var row = await AppendAsync(Customer("1"), 1);
        await AppendAsync(Customer("1"), 2);
        Assert.Null((await HeadRowAsync()).SendAttempt);

        Assert.IsType<WriteResult.Written>(await Outbox.BeginSendAsync(row, _attempt));
        Assert.IsType<WriteResult.Written>(await Outbox.BeginSendAsync(row, _attempt));
        await ReopenAsync();
        Assert.Equal((_attempt, 0, null), ((await HeadRowAsync()).SendAttempt, (await HeadRowAsync()).Attempts, (await HeadRowAsync()).LastError));

        await Outbox.PostponeAsync(row, 0, TestCalls.Noon, "429", unsent: _attempt);
        Assert.Equal((null, "429"), ((await HeadRowAsync()).SendAttempt, (await HeadRowAsync()).LastError));
    }

    [Fact]
    public async Task Another_attempt_neither_replaces_a_mark_nor_takes_it_back()
    {
        var row = await AppendAsync(Customer("1"), 1);
        await Outbox.BeginSendAsync(row, _attempt);

        Assert.IsType<WriteResult.Refused>(await Outbox.BeginSendAsync(row, Guid.NewGuid()));
        await Outbox.PostponeAsync(row, 1, TestCalls.Noon, "503");
        await Outbox.PostponeAsync(row, 1, TestCalls.Noon, "503", unsent: Guid.NewGuid());

        Assert.Equal(_attempt, (await HeadRowAsync()).SendAttempt);
    }

    [Fact]
    public async Task Marking_a_row_that_is_gone_or_another_calls_is_refused()
    {
        var gone = await AppendAsync(Customer("1"), 1);
        var row = await AppendAsync(Customer("1"), 2);
        await CompleteAsync(gone);

        Assert.IsType<WriteResult.Refused>(await Outbox.BeginSendAsync(gone, _attempt));
        Assert.IsType<WriteResult.Refused>(await Outbox.BeginSendAsync(row with { CallId = gone.CallId }, _attempt));

        Assert.Null((await HeadRowAsync()).SendAttempt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dead_letter_says_whether_its_message_may_have_been_sent(bool isOutcomeUnknown)
    {
        var row = await AppendAsync(Customer("1"), 1);

        await Outbox.DeadLetterAsync(row, 1, "500", TestCalls.Noon, isOutcomeUnknown);
        await ReopenAsync();

        Assert.Equal(isOutcomeUnknown, (await DeadLetters.FindDeadLetterAsync(Workspace, row.CallId))!.IsOutcomeUnknown);
        Assert.Equal(isOutcomeUnknown, Assert.Single((await DeadLetters.ReadDeadLettersAsync(Workspace, null, 10)).DeadLetters).IsOutcomeUnknown);
    }

    [Fact]
    public async Task A_key_is_bound_by_the_commit_that_stores_its_send()
    {
        var row = await AppendSendAsync(Customer("jürgen\u0000"), 1, _key);
        await ReopenAsync();

        Assert.Equal(new SendBinding(row.CallId, "id:jürgen\u0000", _key.Content), await SendResults.FindSendKeyAsync(Workspace, _key.Name));
        Assert.Null(await SendResults.FindSendKeyAsync("other", _key.Name));
        Assert.Null(await SendResults.FindSendKeyAsync(Workspace, _otherKey.Name));
        await ExpectSequencesAsync(Customer("jürgen\u0000"), 1);
    }

    [Fact]
    public async Task A_bound_key_stores_no_second_send_in_whatever_queue()
    {
        var first = await AppendSendAsync(Customer("1"), 1, _key);

        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendSendAsync(Customer("1"), 2, TestCalls.Any(), _key));
        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendSendAsync(Customer("2"), 1, TestCalls.Any(), _key with { Content = _otherKey.Name }));

        Assert.Equal(first.CallId, (await SendResults.FindSendKeyAsync(Workspace, _key.Name))!.Value.CallId);
        Assert.Equal(1, await Outbox.CountWaitingAsync(Workspace));
        Assert.IsType<AppendResult.Appended>(await Outbox.AppendAsync(Customer("2"), 1, TestCalls.Any()));
        Assert.IsType<AppendResult.Appended>(await Outbox.AppendAsync(Customer("1"), 2, TestCalls.Any()));
    }

    [Fact]
    public async Task Of_many_offers_of_a_key_at_once_one_is_stored()
    {
        var offers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Outbox.AppendSendAsync(Customer($"{i % 7}"), (i / 7) + 1, TestCalls.Any(), _key).AsTask()));

        Assert.Single(offers, offer => offer is AppendResult.Appended);
        Assert.Equal(49, offers.Count(offer => offer is AppendResult.Conflict));
        Assert.Equal(1, await Outbox.CountWaitingAsync(Workspace));
    }

    [Fact]
    public async Task A_send_whose_sequence_is_taken_leaves_its_key_free()
    {
        await AppendAsync(Customer("1"), 5);

        Assert.IsType<AppendResult.Conflict>(await Outbox.AppendSendAsync(Customer("1"), 5, TestCalls.Any(), _key));

        Assert.Null(await SendResults.FindSendKeyAsync(Workspace, _key.Name));
        await AppendSendAsync(Customer("1"), 6, _key);
    }

    [Fact]
    public async Task Answers_and_keys_are_forgotten_by_age_and_a_slice_at_a_time()
    {
        for (var i = 0; i < 5; i++)
        {
            var row = await AppendSendAsync(Customer("1"), i + 1, SendKey.Of($"{i}", "/", "/", default));
            await EndAsync(row, _answer with { StoredAt = TestCalls.Noon.AddHours(i) });
        }

        Assert.True(await SendResults.ForgetSendsAsync(Workspace, TestCalls.Noon.AddHours(3), limit: 2));
        Assert.False(await SendResults.ForgetSendsAsync("other", TestCalls.Noon.AddHours(3), limit: 2));
        Assert.False(await SendResults.ForgetSendsAsync(Workspace, TestCalls.Noon.AddHours(3), limit: 2));

        for (var i = 0; i < 5; i++)
        {
            var binding = await SendResults.FindSendKeyAsync(Workspace, SendKey.Of($"{i}", "/", "/", default).Name);
            Assert.Equal(i < 3, binding is null);
            Assert.True(binding is null || await SendResults.FindSendResultAsync(Workspace, binding.Value.CallId) is not null);
        }
    }

    [Fact]
    public async Task A_key_whose_send_waits_or_stands_as_a_dead_letter_is_kept_however_old_it_is()
    {
        await AppendSendAsync(Customer("waits"), 1, _key);
        var dead = await AppendSendAsync(Customer("dead"), 1, _otherKey);
        await Outbox.DeadLetterAsync(dead, 1, "500", TestCalls.Noon, isOutcomeUnknown: true);

        Assert.False(await SendResults.ForgetSendsAsync(Workspace, TestCalls.Noon.AddYears(10), limit: 10));

        Assert.NotNull(await SendResults.FindSendKeyAsync(Workspace, _key.Name));
        Assert.NotNull(await SendResults.FindSendKeyAsync(Workspace, _otherKey.Name));
    }

    [Fact]
    public async Task A_discarded_dead_letters_key_is_forgotten_in_its_time()
    {
        var dead = await AppendSendAsync(Customer("1"), 1, _key);
        await Outbox.DeadLetterAsync(dead, 1, "500", TestCalls.Noon, isOutcomeUnknown: true);
        Assert.True(await DeadLetters.DiscardDeadLetterAsync(Workspace, dead.CallId));
        Assert.NotNull(await SendResults.FindSendKeyAsync(Workspace, _key.Name));

        await SendResults.ForgetSendsAsync(Workspace, TestCalls.Noon.AddYears(1_000), limit: 10);

        Assert.Null(await SendResults.FindSendKeyAsync(Workspace, _key.Name));
    }

    [Fact]
    public async Task A_replayed_send_waits_again_under_its_key_and_its_old_answer_is_gone()
    {
        var call = TestCalls.Any();
        var row = await AppendSendAsync(Customer("1"), 1, _key, call);
        await Outbox.EndSendAsync(row, _answer with { Status = 400 }, new SendRefusal(1, "400"));

        Assert.IsType<AppendResult.Appended>(await Outbox.AppendAsync(Customer("1"), 2, call, replaces: call.Id));

        Assert.Null(await SendResults.FindSendResultAsync(Workspace, call.Id));
        Assert.False(await SendResults.ForgetSendsAsync(Workspace, TestCalls.Noon.AddYears(10), limit: 10));
        Assert.Equal(call.Id, (await SendResults.FindSendKeyAsync(Workspace, _key.Name))!.Value.CallId);
    }

    private async Task<OutboxRow> HeadRowAsync() => (await ReadAsync(Customer("1"))).Rows[0];

    private async Task<RowKey> AppendSendAsync(CustomerAddress customer, long sequence, SendKey key, Call? call = null)
    {
        call ??= TestCalls.Any();
        Assert.IsType<AppendResult.Appended>(await Outbox.AppendSendAsync(customer, sequence, call, key));
        return new RowKey(customer, sequence, call.Id);
    }

    private async Task EndAsync(RowKey row, SendResult result) =>
        Assert.IsType<WriteResult.Written>(await Outbox.EndSendAsync(row, result));
}
