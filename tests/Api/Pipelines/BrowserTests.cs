using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CioOrleans.Api.Pipelines;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.Pipelines;

/// <summary>The paths of the browser SDK.</summary>
public sealed class BrowserTests
{
    private const string Origin = "https://www.example.com";
    private const string Identify = """{"writeKey":"public","type":"identify","messageId":"m1","timestamp":"2026-01-01T00:00:00.000Z","userId":"42","traits":{"name":"Größe"}}""";

    private static readonly BrowserSettings _settings = new("public", [Origin, "http://127.0.0.1:8080"]);

    [Theory]
    [InlineData("i", "identify", CallKind.Identify, "")]
    [InlineData("t", "track", CallKind.Event, "\"event\":\"e\",")]
    [InlineData("p", "page", CallKind.Page, "")]
    [InlineData("s", "screen", CallKind.Screen, "")]
    [InlineData("g", "group", CallKind.Group, "\"groupId\":\"g\",")]
    [InlineData("a", "alias", CallKind.Alias, "\"previousId\":\"p\",")]
    public async Task A_call_of_a_page_is_taken_as_it_is_behind_all_other_calls(string path, string type, CallKind kind, string member)
    {
        await using var front = await PipelinesFront.StartAsync(_settings);
        var body = $$"""{{{member}}"writeKey":"public","type":"{{type}}","messageId":"m1","timestamp":"2026-01-01T00:00:00.000Z","userId":"42"}""";

        using var response = await SendAsync(front, path, body);

        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(Origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(["Origin"], response.Headers.Vary);
        var taken = Assert.Single(front.Sink.Calls);
        Assert.Equal(("acme", CustomerKey.ForBrowser("id:42")), (taken.Workspace, taken.Customer));
        Assert.Equal((kind, CallPriority.Bulk, LimitClass.Pipelines, $"/v1/{path}"), (taken.Call.Kind, taken.Call.Priority, taken.Call.LimitClass, taken.Call.Target));
        Assert.Equal(body, Encoding.UTF8.GetString(taken.Call.Body));
        Assert.Equal(
            ["Content-Type: text/plain; charset=utf-8", "User-Agent: Browser", "X-Strict-Mode: 1"],
            taken.Call.Headers.Select(header => $"{header.Name}: {header.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_of_a_page_is_split_by_person_and_an_invalid_call_is_left_out()
    {
        await using var front = await PipelinesFront.StartAsync(_settings);

        using var response = await SendAsync(
            front, "b", """{"batch":[{"type":"identify","userId":"1"},{"type":"track","userId":"1"},{"type":"page","anonymousId":"a"}],"writeKey":"public"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([CustomerKey.ForBrowser("id:1"), CustomerKey.ForBrowser("anonymous:a")], front.Sink.Calls.Select(call => call.Customer));
        Assert.All(front.Sink.Calls, call => Assert.Contains("\"writeKey\":\"public\"", Encoding.UTF8.GetString(call.Call.Body), StringComparison.Ordinal));
        Assert.Single(front.Logged);
    }

    [Fact]
    public async Task A_pre_flight_is_answered_for_the_origins_that_are_served()
    {
        await using var front = await PipelinesFront.StartAsync(_settings);

        using var served = await SendAsync(front, "i", null, method: "OPTIONS");
        using var other = await SendAsync(front, "i", null, origin: "https://example.com", method: "OPTIONS");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Forbidden), (served.StatusCode, other.StatusCode));
        Assert.Equal(
            (Origin, "POST", "content-type, X-Strict-Mode"),
            (Header(served, "Access-Control-Allow-Origin"), Header(served, "Access-Control-Allow-Methods"), Header(served, "Access-Control-Allow-Headers")));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://example.com", Identify, 403)]
    [InlineData("https://www.example.com.evil.example", Identify, 403)]
    [InlineData("null", Identify, 403)]
    [InlineData(null, Identify, 403)]
    [InlineData(Origin, """{"writeKey":"write","type":"identify","userId":"42"}""", 401)]
    [InlineData(Origin, """{"writeKey":"public","type":"identify","userId":"42","writeKey":"other"}""", 401)]
    [InlineData(Origin, """{"type":"identify","userId":"42"}""", 401)]
    [InlineData(Origin, """{"writeKey":"public","type":"identify",""", 400)]
    [InlineData(Origin, """["public"]""", 400)]
    public async Task What_is_not_a_call_of_a_served_page_is_refused_with_code_and_message(string? origin, string body, int status)
    {
        await using var front = await PipelinesFront.StartAsync(_settings);

        using var response = await SendAsync(front, "i", body, origin);

        Assert.Equal(status, (int)response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEqual("", answer.RootElement.GetProperty("code").GetString());
        Assert.NotEqual("", answer.RootElement.GetProperty("message").GetString());
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task Any_origin_may_be_served()
    {
        await using var front = await PipelinesFront.StartAsync(_settings with { Origins = [BrowserSettings.AnyOrigin] });

        using var page = await SendAsync(front, "i", Identify, "https://a.example");
        using var none = await SendAsync(front, "i", Identify, origin: null);

        Assert.Equal((HttpStatusCode.OK, "https://a.example"), (page.StatusCode, Header(page, "Access-Control-Allow-Origin")));
        Assert.Equal((HttpStatusCode.OK, "*"), (none.StatusCode, Header(none, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_body_over_64_KB_is_refused()
    {
        await using var front = await PipelinesFront.StartAsync(_settings);

        using var response = await SendAsync(front, "b", new string(' ', BrowserEndpoint.MaxBodyBytes + 1));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task An_address_is_held_to_its_rate()
    {
        await using var front = await PipelinesFront.StartAsync(_settings with { Rate = new RateLimit(2, TimeSpan.FromHours(1)) });

        using var first = await SendAsync(front, "i", Identify);
        using var second = await SendAsync(front, "i", Identify);
        using var third = await SendAsync(front, "i", Identify);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], [first.StatusCode, second.StatusCode, third.StatusCode]);
        Assert.Equal((Origin, "1"), (Header(third, "Access-Control-Allow-Origin"), Header(third, "Retry-After")));
        Assert.Equal(2, front.Sink.Calls.Count);
    }

    [Fact]
    public async Task No_more_calls_wait_than_the_settings_allow()
    {
        await using var front = await PipelinesFront.StartAsync(_settings with { MaxQueued = CustomerKey.BrowserQueues });

        using var first = await SendAsync(front, "i", Identify);
        using var second = await SendAsync(front, "i", Identify);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        Assert.Single(front.Sink.Calls);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("OPTIONS")]
    [InlineData("GET")]
    public async Task Where_browsers_are_not_served_the_answer_says_how_they_would_be(string method)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await SendAsync(front, "i", method == "POST" ? Identify : null, method: method);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("not_found", answer.RootElement.GetProperty("code").GetString());
        Assert.Contains("Pipelines:Browser:WriteKey", answer.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_public_write_key_opens_nothing_else()
    {
        await using var front = await PipelinesFront.StartAsync(_settings);
        front.Caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("public:"u8));

        using var response = await front.SendAsync("identify", Identify);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private static async Task<HttpResponseMessage> SendAsync(PipelinesFront front, string path, string? body, string? origin = Origin, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/" + path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "text/plain");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        request.Headers.Add("Referer", "https://www.example.com/secret");
        request.Headers.Add("User-Agent", "Browser");
        front.Caller.DefaultRequestHeaders.Authorization = null;
        return await front.Caller.SendAsync(request);
    }
}
