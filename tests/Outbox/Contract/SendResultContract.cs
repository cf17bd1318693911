namespace CioOrleans.Outbox.Tests.Contract;

public abstract class SendResultContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private static readonly Ulid _id = Ulid.NewUlid(TestCalls.Noon);
    private static readonly SendResult _answer = new(200, """{"delivery_id":"dlv-ü","queued_at":1}""", TestCalls.Noon.AddTicks(7));

    [Fact]
    public async Task An_answer_that_nobody_stored_is_not_found() => Assert.Null(await SendResults.FindSendResultAsync(Workspace, _id));

    [Fact]
    public async Task An_answer_survives_reopening_and_is_found_in_its_workspace_only()
    {
        await StoreAsync(_id, _answer);
        await ReopenAsync();

        Assert.Equal(_answer, await SendResults.FindSendResultAsync(Workspace, _id));
        Assert.Null(await SendResults.FindSendResultAsync("other", _id));
        Assert.Null(await SendResults.FindSendResultAsync(Workspace, Ulid.NewUlid(TestCalls.Noon)));
    }

    [Fact]
    public async Task The_first_answer_stays_when_it_is_stored_again()
    {
        await StoreAsync(_id, _answer);
        await StoreAsync(_id, _answer with { Status = 201 });

        Assert.Equal(_answer, await SendResults.FindSendResultAsync(Workspace, _id));
    }

    [Fact]
    public async Task What_is_older_than_asked_for_is_forgotten_with_the_next_answer()
    {
        var later = Ulid.NewUlid(TestCalls.Noon.AddHours(2));
        await StoreAsync(_id, _answer);
        await StoreAsync(later, _answer with { StoredAt = TestCalls.Noon.AddHours(2) }, forgetBefore: TestCalls.Noon.AddHours(1));

        Assert.Null(await SendResults.FindSendResultAsync(Workspace, _id));
        Assert.NotNull(await SendResults.FindSendResultAsync(Workspace, later));
    }

    private async Task StoreAsync(Ulid id, SendResult result, DateTimeOffset? forgetBefore = null) =>
        Assert.IsType<WriteResult.Written>(await SendResults.StoreSendResultAsync(Workspace, id, result, forgetBefore ?? DateTimeOffset.MinValue.AddYears(1)));
}
