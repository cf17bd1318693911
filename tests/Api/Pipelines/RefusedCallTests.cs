using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Api.Pipelines;
using CioOrleans.Configuration;
using CioOrleans.Refusing;
using CioOrleans.Testing;

namespace CioOrleans.Api.Tests.Pipelines;

/// <summary>Calls that are not delivered although their request is answered 200 are kept for operators.</summary>
public sealed class RefusedCallTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(string Workspace, RefusedCall Call)> _kept = new();
    private readonly ConcurrentQueue<int> _batches = new();

    /// <summary>Why the grain cannot store; null while it can.</summary>
    private volatile string? _away;

    public static TheoryData<string, CallDefect, string?, string[]> Defects => new()
    {
        { """{"type":"track","userId":"1"}""", CallDefect.NoEvent, "track", ["id:1"] },
        { """{"type":"alias","userId":"1"}""", CallDefect.NoAliasIds, "alias", ["id:1"] },
        { """{"type":"alias","previousId":"ann@example.com"}""", CallDefect.NoAliasIds, "alias", ["id:ann@example.com", "email:ann@example.com"] },
        { """{"type":"merge","anonymousId":"a","groupId":7,"traits":{"x":{"email":"no"},"email":"Ann@Example.com"}}""", CallDefect.UnknownType, "merge", ["anonymous:a", "group:7", "email:ann@example.com"] },
        { """{"type":{"a":1},"userId":["1"]}""", CallDefect.UnknownType, null, [] },
        { "[]", CallDefect.NoObject, null, [] },
        { $$"""{"type":"identify","userId":"{{new string('u', 151)}}"}""", CallDefect.WrongIdentifier, "identify", [$"id:{new string('u', 151)}"] },
        { """{"type":"identify","userId":"\ud800","anonymousId":"a"}""", CallDefect.HalfCharacter, "identify", ["anonymous:a"] },
        { """{"type":"identify","\udc00":1,"userId":"1"}""", CallDefect.HalfCharacter, "identify", ["id:1"] },
        { $$$"""{"traits":{{{string.Concat(Enumerable.Repeat("{\"a\":", 70))}}}1{{{new string('}', 70)}}},"type":"identify","userId":"1"}""", CallDefect.TooDeep, "identify", ["id:1"] },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task A_call_of_a_batch_is_kept_as_it_came_with_what_is_wrong_and_whom_it_names(string body, CallDefect reason, string? type, string[] persons)
    {
        await using var front = await StartAsync();

        using var response = await front.SendAsync("batch", $$"""{"batch":[{"type":"identify","userId":"good"}, {{body}} ]}""");
        var call = Assert.Single(await KeptAsync(front, 1));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("/v1/batch", 1, reason, type), (call.Path, call.Index, call.Reason, call.Type));
        Assert.Equal(persons, call.Persons);
        Assert.Equal(Assert.Single(front.Logged), call.Problem);
        Assert.Equal(body, Encoding.UTF8.GetString(call.Body));
        Assert.False(call.IsCut);
    }

    [Fact]
    public async Task A_single_call_is_kept_too_without_the_query_of_its_path()
    {
        await using var front = await StartAsync();

        using var response = await front.SendAsync("track?secret=1", """{"userId":"1","messageId":"m1"}""");
        var call = Assert.Single(await KeptAsync(front, 1));

        Assert.Equal(("/v1/track", (int?)null, "m1"), (call.Path, call.Index, call.MessageId));
    }

    [Fact]
    public async Task A_large_call_is_kept_cut_and_says_its_size()
    {
        await using var front = await StartAsync();
        var body = $$$"""{"type":"identify","userId":"1","traits":{"a":"{{{new string('x', 40_000)}}}"}}""";

        using var response = await front.SendAsync("batch", $$"""{"batch":[{{body}}]}""");
        var call = Assert.Single(await KeptAsync(front, 1));

        Assert.Equal((CallDefect.TooLarge, true, body.Length), (call.Reason, call.IsCut, call.Size));
        Assert.Equal(body[..RefusedCall.MaxBodyBytes], Encoding.UTF8.GetString(call.Body));
    }

    [Fact]
    public async Task A_call_of_a_browser_is_kept_too()
    {
        await using var front = await StartAsync(new BrowserSettings("public", ["*"]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/t") { Content = new StringContent("""{"writeKey":"public","type":"track","anonymousId":"a"}""") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        using var response = await front.Caller.SendAsync(request);
        var call = Assert.Single(await KeptAsync(front, 1));

        Assert.Equal(("/v1/t", "anonymous:a"), (call.Path, Assert.Single(call.Persons)));
    }

    [Fact]
    public async Task Nothing_is_kept_where_the_request_is_refused_or_the_setting_is_off()
    {
        await using var front = await StartAsync();
        using var strict = await front.SendAsync("batch", """{"batch":[{"type":"merge"}]}""", strict: true);
        using var unreadable = await front.SendAsync("batch", "{");
        using var last = await front.SendAsync("batch", """{"batch":[7]}""");
        Assert.Equal(CallDefect.NoObject, Assert.Single(await KeptAsync(front, 1)).Reason);

        await using var off = await StartAsync(refused: new RefusedCallSettings { IsOn = false });
        using var response = await off.SendAsync("batch", """{"batch":[7]}""");
        await off.DisposeAsync();
        Assert.Single(_kept);
    }

    [Fact]
    public async Task A_flood_is_kept_in_bounded_batches_and_the_rest_is_counted()
    {
        await using var front = await StartAsync();
        var flood = $$"""{"batch":[{{string.Join(',', Enumerable.Repeat("7", 1_000))}}]}""";

        for (var i = 0; i < 3; i++)
        {
            using var response = await front.SendAsync("batch", flood);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await KeptAsync(front, RefusedCallQueue.MaxCalls);
        Assert.Equal([RefusedCallQueue.MaxCalls], _batches);
        await UntilAsync(front, () => front.Lost == 3_000 - RefusedCallQueue.MaxCalls);
    }

    [Fact]
    public async Task Large_calls_fill_the_queue_by_their_size()
    {
        await using var front = await StartAsync();
        var call = $$"""{"a":"{{new string('x', 100_000)}}"}""";
        for (var i = 0; i < 10; i++)
        {
            using var response = await front.SendAsync("batch", $$"""{"batch":[{{string.Join(',', Enumerable.Repeat(call, 4))}}]}""");
        }

        Assert.Equal(RefusedCallQueue.MaxBytes / RefusedCall.MaxBodyBytes, (await KeptAsync(front, 32)).Length);
        await UntilAsync(front, () => front.Lost == 8);
    }

    [Fact]
    public async Task While_they_cannot_be_stored_requests_are_answered_and_a_batch_is_tried_for_a_minute()
    {
        await using var front = await StartAsync();
        _away = "away";
        using var first = await front.SendAsync("batch", """{"batch":[1]}""");
        await UntilAsync(front, () => _batches.Count >= 3);
        _away = null;
        Assert.Single(await KeptAsync(front, 1));

        _away = "away";
        using var second = await front.SendAsync("batch", """{"batch":[1,2]}""");
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await UntilAsync(front, () => front.Lost == 2, step: 10);
        Assert.Single(_kept);
    }

    [Fact]
    public async Task An_orderly_stop_stores_what_waits()
    {
        await using (var front = await StartAsync())
        {
            using var response = await front.SendAsync("batch", """{"batch":[1]}""");
            await front.StopAsync();
        }

        Assert.Single(_kept);
    }

    private Task<PipelinesFront> StartAsync(BrowserSettings? browser = null, RefusedCallSettings? refused = null) => PipelinesFront.StartAsync(browser, refused, (workspace, calls) =>
    {
        _batches.Enqueue(calls.Count);
        if (_away is { } reason)
        {
            return reason;
        }

        foreach (var call in calls)
        {
            _kept.Enqueue((workspace, call));
        }

        return null;
    });

    private async Task<RefusedCall[]> KeptAsync(PipelinesFront front, int count)
    {
        await UntilAsync(front, () => _kept.Count >= count);
        Assert.All(_kept, kept => Assert.Equal("acme", kept.Workspace));
        return [.. _kept.Select(kept => kept.Call)];
    }

    /// <summary>Lets the time pass in small steps, so that a slow machine makes nothing time out.</summary>
    private static Task UntilAsync(PipelinesFront front, Func<bool> isReached, double step = 0.1) => Wait.UntilAsync("the write of refused calls", _bound, () =>
    {
        front.Time.Advance(TimeSpan.FromSeconds(step));
        return isReached();
    });
}
