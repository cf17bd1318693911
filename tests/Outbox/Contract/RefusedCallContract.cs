using System.Text;
using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class RefusedCallContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task A_call_is_kept_whole_and_survives_reopening()
    {
        var odd = Call(0) with
        {
            Type = "track\0\uE000ü",
            Index = 7,
            MessageId = "m\t\u001b",
            Persons = ["id:a\nb\\n\tc\0", "email:ö@example.com"],
            Body = [0, 1, 255, .. "{}"u8],
            Size = 40_000,
        };
        var bare = Call(1) with { Type = null, Index = null, MessageId = null, Persons = [], Body = [], Size = 0 };
        await KeepAsync(odd, bare);

        await ReopenAsync();

        AssertSame(odd, await Refused.FindRefusedAsync(Workspace, odd.Id));
        AssertSame(bare, await Refused.FindRefusedAsync(Workspace, bare.Id));
        Assert.Null(await Refused.FindRefusedAsync("other", odd.Id));
        Assert.Null(await Refused.FindRefusedAsync(Workspace, Ulid.NewUlid()));
    }

    [Fact]
    public async Task Calls_are_read_page_by_page_newest_first_without_their_bodies()
    {
        var calls = Enumerable.Range(0, 5).Select(Call).ToArray();
        await KeepAsync(calls);
        Assert.IsType<WriteResult.Written>(await Refused.KeepRefusedAsync("other", [Call(9)]));

        var page = await Refused.ReadRefusedAsync(Workspace, null, 2);
        Assert.Equal([calls[4].Id, calls[3].Id], page.Select(call => call.Id));
        AssertSame(calls[4] with { Body = [] }, page[0]);
        Assert.Equal([calls[2].Id, calls[1].Id], (await Refused.ReadRefusedAsync(Workspace, calls[3].Id, 2)).Select(call => call.Id));
        Assert.Equal([calls[0].Id], (await Refused.ReadRefusedAsync(Workspace, calls[1].Id, 2)).Select(call => call.Id));
    }

    [Fact]
    public async Task A_repeated_write_changes_nothing()
    {
        var (first, second) = (Call(0), Call(1));
        await KeepAsync(first);
        await KeepAsync(first with { Problem = "other" }, second);

        AssertSame(first, await Refused.FindRefusedAsync(Workspace, first.Id));
        Assert.Equal(new RefusedTotal(2, first.Body.Length + second.Body.Length), await Refused.CountRefusedAsync(Workspace));
    }

    [Fact]
    public async Task The_oldest_calls_are_found_with_their_sizes()
    {
        var calls = Enumerable.Range(0, 4).Select(Call).ToArray();
        await KeepAsync(calls);

        Assert.Equal([.. calls[..2].Select(call => new RefusedSize(call.Id, call.Body.Length))], await Refused.ReadOldestRefusedAsync(Workspace, null, 2));
        Assert.Equal([new RefusedSize(calls[0].Id, calls[0].Body.Length)], await Refused.ReadOldestRefusedAsync(Workspace, calls[1].Id, 9));
        Assert.Equal(new RefusedTotal(0, 0), await Refused.CountRefusedAsync("other"));
    }

    [Fact]
    public async Task The_calls_of_a_person_are_found_by_each_of_its_names_and_by_no_part_of_a_name()
    {
        var calls = new[]
        {
            Call(0) with { Persons = ["id:42", "anonymous:a"] },
            Call(1) with { Persons = ["id:4"] },
            Call(2) with { Persons = ["anonymous:a"] },
            Call(3) with { Persons = ["id:%", "id:4\n\tid:42"] },
        };
        await KeepAsync(calls);

        Assert.Equal([calls[0].Id], await Refused.FindRefusedOfAsync(Workspace, "id:42", 9));
        Assert.Equal([calls[1].Id], await Refused.FindRefusedOfAsync(Workspace, "id:4", 9));
        Assert.Equal([calls[0].Id, calls[2].Id], await Refused.FindRefusedOfAsync(Workspace, "anonymous:a", 9));
        Assert.Equal([calls[0].Id], await Refused.FindRefusedOfAsync(Workspace, "anonymous:a", 1));
        Assert.Equal([calls[3].Id], await Refused.FindRefusedOfAsync(Workspace, "id:4\n\tid:42", 9));
        Assert.Empty(await Refused.FindRefusedOfAsync("other", "id:42", 9));
    }

    [Fact]
    public async Task Deleted_calls_are_gone_and_counted_once()
    {
        var calls = Enumerable.Range(0, 3).Select(Call).ToArray();
        await KeepAsync(calls);

        Assert.Equal(0, await Refused.DeleteRefusedAsync("other", [calls[0].Id]));
        Assert.Equal(2, await Refused.DeleteRefusedAsync(Workspace, [calls[0].Id, calls[2].Id, Ulid.NewUlid()]));
        Assert.Equal(0, await Refused.DeleteRefusedAsync(Workspace, [calls[0].Id]));
        Assert.Equal([calls[1].Id], (await Refused.ReadRefusedAsync(Workspace, null, 9)).Select(call => call.Id));
    }

    private static RefusedCall Call(int minute) => new()
    {
        Id = Ulid.NewUlid(TestCalls.Noon.AddMinutes(minute)),
        Type = "track",
        Reason = CallDefect.NoEvent,
        Problem = "Call 1 of the batch has no \"event\".",
        Path = "/v1/batch",
        Index = minute,
        MessageId = "m1",
        Persons = ["id:42"],
        Body = Encoding.UTF8.GetBytes($"{{\"n\":{minute}}}"),
        Size = 7,
    };

    private async Task KeepAsync(params RefusedCall[] calls) => Assert.IsType<WriteResult.Written>(await Refused.KeepRefusedAsync(Workspace, calls));

    private static void AssertSame(RefusedCall expected, RefusedCall? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Persons, actual.Persons);
        Assert.Equal(expected.Body, actual.Body);
        Assert.Equal(expected with { Persons = actual.Persons, Body = actual.Body }, actual);
    }
}
