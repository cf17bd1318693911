using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.Pipelines;

public sealed class PipelinesTests
{
    [Theory]
    [InlineData("identify", """{"userId":"42"}""", "id:42", CallKind.Identify)]
    [InlineData("track", """{"userId":42,"anonymousId":"a","event":"e"}""", "id:42", CallKind.Event)]
    [InlineData("page", """{"userId":"","anonymousId":"a"}""", "anonymous:a", CallKind.Page)]
    [InlineData("screen", """{"anonymousId":"a"}""", "anonymous:a", CallKind.Screen)]
    [InlineData("group", """{"userId":"42","groupId":"g"}""", "id:42", CallKind.Group)]
    [InlineData("group", """{"groupId":"g"}""", "group:g", CallKind.Group)]
    [InlineData("alias", """{"userId":"42","previousId":"a"}""", "id:42", CallKind.Alias)]
    [InlineData("identify", """{"traits":{"email":"Ann@example.com"}}""", "email:ann@example.com", CallKind.Identify)]
    public async Task A_call_joins_its_persons_queue(string name, string body, string customer, CallKind kind)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(name, body);

        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        var (_, queue, call) = Assert.Single(front.Sink.Calls);
        Assert.Equal((customer, kind, LimitClass.Pipelines, "POST", $"/v1/{name}"), (queue, call.Kind, call.LimitClass, call.Method, call.Target));
        Assert.Equal("1", call.Headers.Find("X-Strict-Mode"));
        Assert.Null(call.Headers.Find("Authorization"));
    }

    [Fact]
    public async Task What_is_missing_is_stamped_and_what_is_there_stays()
    {
        await using var front = await PipelinesFront.StartAsync();

        using var bare = await front.SendAsync("track", """{ "userId" : "1", "event":"e", "properties":{"big":12345678901234567890}}""");
        using var whole = await front.SendAsync("track", """{"timestamp":null,"messageId":"m","userId":"1","event":"é"}""");

        var calls = front.Sink.Calls.ToArray();
        Assert.Equal(
            $$$"""{"messageId":"{{{calls[0].Call.Id}}}","timestamp":"2023-11-14T22:13:20.000Z", "userId" : "1", "event":"e", "properties":{"big":12345678901234567890}}""",
            calls[0].Body);
        Assert.Equal("""{"timestamp":null,"messageId":"m","userId":"1","event":"é"}""", calls[1].Body);
    }

    [Fact]
    public async Task A_call_that_names_nobody_is_taken_and_owed_no_order()
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync("page", "{}");

        var call = Assert.Single(front.Sink.Calls);
        Assert.StartsWith("nobody:", call.Customer, StringComparison.Ordinal);
        Assert.Equal($$"""{"messageId":"{{call.Call.Id}}","timestamp":"2023-11-14T22:13:20.000Z"}""", call.Body);
    }

    [Fact]
    public async Task A_batch_is_split_by_person_and_each_keeps_the_order_and_what_stands_beside_the_calls()
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(
            "batch",
            """
            {"context":{"ip":"1.2.3.4"},"batch":[
              {"type":"identify","userId":"u","messageId":"1","timestamp":"t"},
              {"type":"track","event":"e","anonymousId":"a","messageId":"2","timestamp":"t"},
              {"type":"track","event":"e","userId":"u","messageId":"3","timestamp":"t"}],"sentAt":"s"}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            [
                ("id:u", """{"context":{"ip":"1.2.3.4"},"batch":[{"type":"identify","userId":"u","messageId":"1","timestamp":"t"},{"type":"track","event":"e","userId":"u","messageId":"3","timestamp":"t"}],"sentAt":"s"}"""),
                ("anonymous:a", """{"context":{"ip":"1.2.3.4"},"batch":[{"type":"track","event":"e","anonymousId":"a","messageId":"2","timestamp":"t"}],"sentAt":"s"}"""),
            ],
            front.Sink.Calls.Select(c => (c.Customer, c.Body)));
    }

    [Fact]
    public async Task A_batch_of_one_person_with_all_it_needs_stays_byte_for_byte()
    {
        await using var front = await PipelinesFront.StartAsync();
        const string body = """{ "batch":[ {"type":"track","event":"e","userId":"u","messageId":"1","timestamp":"t"} ] }""";

        using var response = await front.SendAsync("batch", Zip(body), "gzip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, Assert.Single(front.Sink.Calls).Body);
        Assert.Null(front.Sink.Calls.Single().Call.Headers.Find("Content-Encoding"));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("Track")]
    [InlineData("track//")]
    [InlineData("send/email")]
    [InlineData("customers/7/attributes")]
    public async Task Another_path_with_a_write_key_is_not_found_in_the_form_of_this_API(string path)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(path, """{"userId":"1","event":"e"}""");

        Assert.Equal(
            (HttpStatusCode.NotFound, Problem("not_found", "There is no such path in the Pipelines API. Send /v1/identify, track, page, screen, group, alias or batch.")),
            (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Empty(front.Sink.Calls);
    }

    public static TheoryData<string, string> InvalidCalls => new()
    {
        { """{"type":"track","userId":"1"}""", "has no \"event\". Send the event's name as a string that is not blank." },
        { """{"type":"track","userId":"1","event":" "}""", "has no \"event\". Send the event's name as a string that is not blank." },
        { """{"type":"alias","userId":"1"}""", "needs \"previousId\" and \"userId\". Send both." },
        { """{"type":"merge"}""", "has no \"type\" that is known. Send identify, track, page, screen, group or alias." },
        { """{"userId":"1"}""", "has no \"type\" that is known. Send identify, track, page, screen, group or alias." },
        { "[]", "is not a JSON object. Send one: {…}." },
        { "null", "is not a JSON object. Send one: {…}." },
        { $$"""{"type":"identify","userId":"{{new string('u', 151)}}"}""", "is refused: \"userId\" is longer than 150 bytes. Use a shorter one." },
        { $$$"""{"type":"identify","userId":"1","traits":{"a":"{{{new string('x', 32 * 1024)}}}"}}""", "is larger than 32768 bytes, and Customer.io would drop it. Send less." },
        { """{"type":"identify","userId":"\ud800"}""", "holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters." },
        { """{"type":"identify","\udc00":1,"userId":"1"}""", "holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters." },
        { $$$"""{"type":"identify","userId":"1","traits":{{{string.Concat(Enumerable.Repeat("{\"a\":", 70))}}}1{{{new string('}', 70)}}}}""", $"is nested deeper than {CallLimits.MaxDepth} levels. Flatten it." },
    };

    [Theory]
    [MemberData(nameof(InvalidCalls))]
    public async Task An_invalid_call_of_a_batch_does_not_stop_the_other_249(string invalid, string problem)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync("batch", BatchOf250(invalid));
        using var strict = await front.SendAsync("batch", BatchOf250(invalid), strict: true);

        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(Enumerable.Range(0, 250).Except([7]).Select(i => $"id:{i}"), front.Sink.Calls.Select(call => call.Customer));
        Assert.Equal("""Call 7 of the batch """ + problem, Assert.Single(front.Logged));
        Assert.Equal((HttpStatusCode.BadRequest, Problem("invalid_request", "Call 7 of the batch " + problem)), (strict.StatusCode, await strict.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Strict_mode_names_every_invalid_call_and_accepts_none()
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync("batch", """{"batch":[{"type":"merge"},{"type":"identify","userId":"1"},7]}""", strict: true);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(
            ["Call 0 of the batch has no \"type\" that is known. Send identify, track, page, screen, group or alias.", "Call 2 of the batch is not a JSON object. Send one: {…}."],
            body.RootElement.GetProperty("meta").GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task The_valid_calls_of_one_person_are_stored_without_the_invalid_one_between_them()
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(
            "batch",
            """{"batch":[{"type":"identify","userId":"u","messageId":"1","timestamp":"t"},{"type":"track","userId":"u"},{"type":"page","userId":"u","messageId":"3","timestamp":"t"}],"sentAt":"s"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"batch":[{"type":"identify","userId":"u","messageId":"1","timestamp":"t"},{"type":"page","userId":"u","messageId":"3","timestamp":"t"}],"sentAt":"s"}""",
            Assert.Single(front.Sink.Calls).Body);
    }

    [Theory]
    [InlineData("track", """{"userId":"1"}""", "The call has no \"event\". Send the event's name as a string that is not blank.")]
    [InlineData("alias", """{"userId":"1"}""", "The call needs \"previousId\" and \"userId\". Send both.")]
    [InlineData("identify", "[]", "The call is not a JSON object. Send one: {…}.")]
    public async Task An_invalid_call_alone_is_answered_as_Customer_io_answers_it(string name, string body, string error)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var permissive = await front.SendAsync(name, body);
        using var strict = await front.SendAsync(name, body, strict: true);

        Assert.Equal((HttpStatusCode.OK, "{}"), (permissive.StatusCode, await permissive.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.BadRequest, Problem("invalid_request", error)), (strict.StatusCode, await strict.Content.ReadAsStringAsync()));
        Assert.Equal(error, Assert.Single(front.Logged));
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [InlineData("identify", "{")]
    [InlineData("batch", """{"batch":[{"type":"identify","userId":"1"},]}""")]
    [InlineData("batch", "{}")]
    [InlineData("batch", "[]")]
    public async Task A_request_that_cannot_be_read_is_refused_whole(string name, string body)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(name, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("{\"code\":\"invalid_request\",\"message\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [InlineData("track")]
    [InlineData("batch")]
    public async Task What_Customer_io_would_drop_for_its_size_is_refused(string name)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(name, new string(' ', (500 * 1024) + 1));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Problem("invalid_request", "The body is larger than 512000 bytes. Send less."), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_cannot_be_stored_is_503_with_a_time_to_come_back()
    {
        await using var front = await PipelinesFront.StartAsync();
        front.Sink.Answer = new AcceptResult.Unavailable("The disk is full.", TimeSpan.FromMinutes(1));

        using var response = await front.SendAsync("identify", """{"userId":"1"}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("10", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal(Problem("unavailable", "The disk is full."), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Where_too_much_waits_it_is_429()
    {
        await using var front = await PipelinesFront.StartAsync();
        front.Sink.Answer = new AcceptResult.Unavailable("100 calls wait.", TimeSpan.FromSeconds(4)) { IsOverload = true };

        using var response = await front.SendAsync("identify", """{"userId":"1"}""");

        Assert.Equal((HttpStatusCode.TooManyRequests, "4"), (response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
    }

    [Fact]
    public async Task Another_key_and_another_method_are_refused()
    {
        await using var front = await PipelinesFront.StartAsync();
        using var method = await front.Caller.GetAsync(new Uri("/v1/identify", UriKind.Relative));
        front.Caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("writf:"u8));
        using var stranger = await front.SendAsync("identify", """{"userId":"1"}""");

        Assert.Equal((HttpStatusCode.MethodNotAllowed, HttpStatusCode.Unauthorized), (method.StatusCode, stranger.StatusCode));
        Assert.Equal(["POST"], method.Content.Headers.Allow);
        Assert.Equal(Problem("method_not_allowed", "The method is not allowed here. Allowed: POST."), await method.Content.ReadAsStringAsync());
        Assert.StartsWith("{\"code\":\"unauthorized\",\"message\":\"Unauthorized request: ", await stranger.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(front.Sink.Calls);
    }

    private static string BatchOf250(string invalid) =>
        $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 250).Select(i => i == 7 ? invalid : $$"""{"type":"identify","userId":"{{i}}"}"""))}}]}""";

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }

    /// <summary>The Python SDK repeats a 4xx ten times that has no code and message at the top.</summary>
    private static string Problem(string code, string message)
    {
        var text = message.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $$$"""{"code":"{{{code}}}","message":"{{{text}}}","meta":{"errors":["{{{text}}}"]}}""";
    }
}
