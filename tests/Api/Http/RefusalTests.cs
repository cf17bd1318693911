using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Tests.Http;

public sealed class RefusalTests
{
    private static readonly string _longId = new('a', 151);

    public static TheoryData<string, string> BadPaths => new()
    {
        { "/api/v1/customers//suppress", "The person's identifier in the path is empty. Give one." },
        { "/api/v1/customers/%20/suppress", "The person's identifier in the path is empty. Give one." },
        { "/api/v1/customers/a%zz/suppress", "The person's identifier in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does." },
        { "/api/v1/customers/a%4/suppress", "The person's identifier in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does." },
        { "/api/v1/customers/%FF/suppress", "The person's identifier in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does." },
        { $"/api/v1/customers/{_longId}/suppress", "The person's identifier is longer than 150 bytes. Use a shorter one." },
        { $"/api/v1/customers/{string.Concat(Enumerable.Repeat("%C3%A9", 76))}/suppress", "The person's identifier is longer than 150 bytes. Use a shorter one." },
        { "/unsubscribe/", "The delivery's id in the path is empty. Give one." },
        { "/api/v1/forms//submit", "The form's id in the path is empty. Give one." },
        { "/api/v1/segments/x/add_customers", "The segment's id in the path is not a whole number. Take it from the segment's page, under Usage." },
    };

    public static TheoryData<string, string?, string> BadBodies => new()
    {
        { "PUT /api/v1/customers/1", "nul", "The body is not valid JSON (line 1, byte 3). Send one JSON object and nothing after it." },
        { "PUT /api/v1/customers/1", "\"null\"", "The body is not a JSON object. Send one: {…}." },
        { "PUT /api/v1/customers/1/devices", null, "The body is missing. Send a JSON object; {} if there is nothing to say." },
        { "PUT /api/v1/customers/1", "[]", "The body is not a JSON object. Send one: {…}." },
        { "PUT /api/v1/customers/1/devices", "{}", "\\\"device\\\" is missing. Send {\\\"device\\\":{\\\"id\\\":\\\"…\\\",\\\"platform\\\":\\\"ios\\\" or \\\"android\\\"}}." },
        { "DELETE /api/v1/customers/1", "[1]", "The body is not a JSON object. Send one: {…}." },
        { "POST /api/v1/customers/1/events", "{}", "The event has no name. Send \\\"name\\\" as a string that is not blank." },
        { "POST /api/v1/events", "null", "The body is not a JSON object. Send one: {…}." },
        { "POST /api/v1/forms/f/submit", "{}", "\\\"data\\\" is missing. Send {\\\"data\\\":{…}} with the form's fields." },
        { "POST /api/v1/segments/7/add_customers", "{\"ids\":[]}", "\\\"ids\\\" is empty. Send 1 to 1000 ids." },
        { "POST /unsubscribe/d", "null", "The body is not a JSON object. Send one: {…}." },
    };

    [Theory]
    [MemberData(nameof(BadPaths))]
    public async Task A_bad_identifier_in_the_path_is_answered_400(string target, string error)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", target, "{}");

        Assert.Equal((400, $$$"""{"meta":{"errors":["{{{error}}}"]}}"""), (response.Status, response.Body));
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_answered_400(string call, string? body, string error)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync(call.Split(' ')[0], call.Split(' ')[1], body);

        Assert.Equal((400, $$$"""{"meta":{"errors":["{{{error}}}"]}}"""), (response.Status, response.Body));
        Assert.Equal("application/json", response.Headers["Content-Type"]);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task A_merge_reports_one_error_and_not_a_list()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v1/merge_customers", """{"primary":{"email":"A@x.y"},"secondary":{"email":"a@X.y"}}""");

        Assert.Equal((400, """{"meta":{"error":"\"primary\" and \"secondary\" are the same person. Name two people."}}"""), (response.Status, response.Body));
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [InlineData(100_000, 200)]
    [InlineData(100_001, 413)]
    public async Task A_body_over_the_maximum_is_answered_413(int size, int status)
    {
        await using var front = await Front.StartAsync(new ApiSettings(null, MaxBodyBytes: 100_000));
        var body = "{}".PadRight(size);

        var known = await front.SendAsync("PUT", "/api/v1/customers/1", body);
        var chunked = await front.SendAsync("PUT", "/api/v1/customers/1", $"{size:x}\r\n{body}\r\n0\r\n\r\n", Front.Credentials, "Transfer-Encoding: chunked");

        Assert.Equal((status, status), (known.Status, chunked.Status));
        Assert.Equal(status == 200 ? 2 : 0, front.Sink.Calls.Count);
        if (status == 413)
        {
            Assert.Equal("""{"meta":{"errors":["The body is larger than 100000 bytes. Send less, or raise Dispatcher:Api:MaxBodyBytes."]}}""", known.Body);
        }
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(1.0, "1")]
    [InlineData(2.1, "3")]
    [InlineData(3600.0, "10")]
    public async Task When_nothing_can_be_stored_the_caller_is_asked_to_come_back_within_ten_seconds(double seconds, string retryAfter)
    {
        await using var front = await Front.StartAsync();
        front.Sink.Answer = new AcceptResult.Unavailable("The disk is full.", TimeSpan.FromSeconds(seconds));

        var response = await front.SendAsync("PUT", "/api/v1/customers/1", "{}");

        Assert.Equal((503, """{"meta":{"error":"The disk is full."}}"""), (response.Status, response.Body));
        Assert.Equal(retryAfter, response.Headers["Retry-After"]);
    }
}
