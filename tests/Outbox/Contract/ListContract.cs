using CioOrleans.Calls;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class ListContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private static readonly DateTimeOffset _noon = TestCalls.Noon;

    [Fact]
    public async Task The_longest_and_the_oldest_queues_are_counted_also_after_a_restart()
    {
        // "late" has many calls, "early" the first one; "none" has none any more, and "other" is in another workspace.
        await AppendAsync(Customer("early"), 1, At(1));
        var gone = await AppendAsync(Customer("none"), 1, At(2));
        await AppendAsync(Customer("other", "beta"), 1, At(3));
        for (var sequence = 1; sequence <= 5; sequence++)
        {
            await AppendAsync(Customer("late"), sequence, At(10 + sequence));
        }

        await AppendAsync(Customer("middle"), 1, At(20));
        await AppendAsync(Customer("middle"), 2, At(21));
        await CompleteAsync(gone);

        await ExpectAsync();
        await ReopenAsync();
        await ExpectAsync();
        await AppendAsync(Customer("early"), 2, At(30));
        var found = await Lists.ReadQueuesAsync(Workspace, 50);
        Assert.Equal(2, found.Longest.Single(queue => queue.Customer == "id:early").Calls);
        Assert.Equal(("id:early", 2L, _noon.AddSeconds(1)), found.Oldest.Select(queue => (queue.Customer, queue.Calls, queue.FirstAcceptedAt!.Value)).First());
        Assert.Empty((await Lists.ReadQueuesAsync("unknown", 50)).Longest);

        async Task ExpectAsync()
        {
            var queues = await Lists.ReadQueuesAsync(Workspace, 2);
            Assert.Equal([("id:late", 5L, _noon.AddSeconds(11)), ("id:middle", 2L, _noon.AddSeconds(20))], queues.Longest.Select(queue => (queue.Customer, queue.Calls, queue.FirstAcceptedAt!.Value)));
            Assert.Equal([("id:early", 1L, _noon.AddSeconds(1)), ("id:late", 5L, _noon.AddSeconds(11))], queues.Oldest.Select(queue => (queue.Customer, queue.Calls, queue.FirstAcceptedAt!.Value)));
            Assert.True(queues.IsOldestComplete);
        }
    }

    [Fact]
    public async Task Imports_are_listed_the_latest_first_page_by_page()
    {
        Ulid[] ids = [Id(1), Id(2), Id(3)];
        foreach (var id in ids)
        {
            await AppendAsync(Customer("1"), Array.IndexOf(ids, id) + 1);
            Assert.IsType<WriteResult.Written>(await States.WriteImportAsync(Workspace, id, $"state {id}", DateTimeOffset.UnixEpoch));
        }

        var first = await Lists.ReadImportsAsync(Workspace, null, 2);
        Assert.Equal([(ids[2], $"state {ids[2]}"), (ids[1], $"state {ids[1]}")], first.Select(import => (import.Id, import.State)));
        Assert.Equal([ids[0]], (await Lists.ReadImportsAsync(Workspace, ids[1], 2)).Select(import => import.Id));
        Assert.Empty(await Lists.ReadImportsAsync("unknown", null, 2));
    }

    [Fact]
    public async Task Sends_that_wait_and_sends_that_were_answered_are_listed()
    {
        var answered = await AppendAsync(Customer("1"), 1, Send(1));
        var waiting = await AppendAsync(Customer("1"), 2, Send(2));
        await AppendAsync(Customer("1"), 3, At(3));
        var second = await AppendAsync(Customer("2"), 1, Send(4));
        await Outbox.EndSendAsync(answered, new SendResult(200, "{}", _noon.AddSeconds(9)));
        await Outbox.EndSendAsync(second, new SendResult(202, "{}", _noon.AddSeconds(10)));

        var sends = await Lists.ReadWaitingSendsAsync(Workspace, 10);
        Assert.Equal([(waiting.CallId, "id:1", _noon.AddSeconds(2))], sends.Sends.Select(send => (send.Id, send.Customer, send.AcceptedAt)));
        Assert.True(sends.IsComplete);
        Assert.Equal(
            [(second.CallId, 202, _noon.AddSeconds(10))],
            (await Lists.ReadAnsweredSendsAsync(Workspace, null, 1)).Select(send => (send.Id, send.Status, send.AnsweredAt)));
        Assert.Equal([answered.CallId], (await Lists.ReadAnsweredSendsAsync(Workspace, second.CallId, 10)).Select(send => send.Id));
        Assert.Empty((await Lists.ReadWaitingSendsAsync("unknown", 10)).Sends);
        Assert.Empty(await Lists.ReadAnsweredSendsAsync("unknown", null, 10));
    }

    private static Ulid Id(int second) => Ulid.NewUlid(_noon.AddSeconds(second));

    private static Call At(int second) => TestCalls.Any() with { Id = Id(second), AcceptedAt = _noon.AddSeconds(second) };

    private static Call Send(int second) => TestCalls.Any(LimitClass.TransactionalEmail) with { Id = Id(second), Kind = CallKind.Send, AcceptedAt = _noon.AddSeconds(second) };
}
