using System.IO.Compression;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Tests.Http;

/// <summary>What the official SDKs really send.</summary>
public sealed class QuirkTests
{
    [Theory]
    [InlineData("a%20b%2Fc%2Bd%40x.com%25%C3%A9", "email:a b/c+d@x.com%é")]
    [InlineData("a+b@x.com", "email:a+b@x.com")]
    [InlineData("a:b&c=d+e$f", "id:a:b&c=d+e$f")]
    [InlineData("cio_03000001", "cio:03000001")]
    [InlineData("..", "id:..")]
    [InlineData("%2E%2E%2Fx", "id:../x")]
    [InlineData("%F0%9F%98%80", "id:😀")]
    public async Task An_identifier_is_decoded_once_and_its_target_is_kept_as_sent(string segment, string customer)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", $"/api/v1/customers/{segment}/suppress?x=%2F", "");

        Assert.Equal(200, response.Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(customer, handedOver.Customer);
        Assert.Equal($"/api/v1/customers/{segment}/suppress?x=%2F", handedOver.Call.Target);
    }

    [Fact]
    public async Task A_target_in_absolute_form_is_taken()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("DELETE", $"http://127.0.0.1:{front.Port}/api/v1/customers/a%2Fb?y=1");

        Assert.Equal(200, response.Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(("id:a/b", "/api/v1/customers/a%2Fb?y=1"), (handedOver.Customer, handedOver.Call.Target));
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/customers/42", "{}")]
    [InlineData("DELETE", "/api/v1/customers/42", "null")]
    [InlineData("DELETE", "/api/v1/customers/42/devices/d", "{}")]
    [InlineData("POST", "/api/v1/customers/42/suppress", "null")]
    [InlineData("POST", "/api/v1/customers/42/suppress", "")]
    [InlineData("POST", "/api/v1/customers/42/unsuppress", " null\n")]
    [InlineData("POST", "/unsubscribe/d", "")]
    public async Task A_body_that_says_nothing_is_passed_on_as_it_is(string method, string target, string body)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync(method, target, body, Front.Credentials, "Content-Type: application/x-www-form-urlencoded");

        Assert.Equal((200, "{}"), (response.Status, response.Body));
        Assert.Equal(body, Assert.Single(front.Sink.Calls).Body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData(" null\r\n")]
    public async Task An_identify_call_without_attributes_is_one_with_an_empty_object(string? body)
    {
        await using var front = await Front.StartAsync();

        Assert.Equal(200, (await front.SendAsync("PUT", "/api/v1/customers/42", body)).Status);
        Assert.Equal("""{"_timestamp":1700000000}""", Assert.Single(front.Sink.Calls).Body);
    }

    [Theory]
    [InlineData("""{"device":{"id":"t","platform":"android","last_used":1,"app_version":"1.10"}}""")]
    [InlineData("""{"device":{"id":"t","platform":"android","attributes":{"app_version":"1.10"}}}""")]
    public async Task The_attributes_of_a_device_may_be_flat_or_nested(string body)
    {
        await using var front = await Front.StartAsync();

        Assert.Equal(200, (await front.SendAsync("PUT", "/api/v1/customers/42/devices", body)).Status);
        Assert.Equal(body, Assert.Single(front.Sink.Calls).Body);
    }

    [Fact]
    public async Task Push_events_need_no_prefix_and_no_credentials()
    {
        await using var front = await Front.StartAsync(Front.OpenWithoutCredentials);

        Assert.Equal(200, (await front.SendAsync("POST", "/push/events", """{"event":"opened"}""", authorization: null)).Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(CustomerKey.ForCallerWithoutCredentials(CustomerKey.ForNobody(handedOver.Call.Id)), handedOver.Customer);
    }

    [Theory]
    [InlineData("""{"name":"e"}""")]
    [InlineData("""{"name":"e","anonymous_id":null}""")]
    [InlineData("""{"name":"e","anonymous_id":" "}""")]
    public async Task An_event_without_an_anonymous_id_is_owed_no_order(string body)
    {
        await using var front = await Front.StartAsync();

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v1/events", body)).Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(CustomerKey.ForNobody(handedOver.Call.Id), handedOver.Customer);
    }

    [Fact]
    public async Task The_content_type_does_not_matter()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("PUT", "/api/v1/customers/42", "{}", Front.Credentials, "Content-Type: text/plain");

        Assert.Equal(200, response.Status);
        Assert.Equal("Content-Type: text/plain\n", Assert.Single(front.Sink.Calls).Call.Headers.ToString());
    }

    [Fact]
    public async Task Headers_of_the_hop_the_proxy_and_the_attempt_are_dropped_and_the_others_kept()
    {
        await using var front = await Front.StartAsync();

        await front.SendAsync(
            "PUT", "/api/v1/customers/42", "{}", Front.Credentials,
            "Content-Type: application/json", "User-Agent: Customer.io Node Client/5.2.0", "X-Two: a", "X-Two: b", "Keep-Alive: 5", "TE: trailers",
            "Accept-Encoding: gzip", "Idempotency-Key: k", "X-Retry-Count: 2", "X-Forwarded-For: 10.0.0.1", "x-forwarded-proto: https", "Forwarded: for=x",
            "Via: 1.1 p", "Cookie: a=b", "Expect: 100-continue");

        // Kestrel gives known headers first; no order between different names is promised by HTTP.
        var call = Assert.Single(front.Sink.Calls).Call;
        Assert.Equal(new NotedKey(CallNote.Key, DuplicateKey.OfIdempotencyKey("k")), Assert.Single(call.Notes.Keys));
        Assert.Equal(
            ["Content-Type: application/json", "User-Agent: Customer.io Node Client/5.2.0", "X-Two: a", "X-Two: b"],
            call.Headers.Select(header => $"{header.Name}: {header.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_chunked_body_is_taken()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync(
            "PUT", "/api/v1/customers/42", "6\r\n{\"a\":1\r\n5\r\n.10 }\r\n0\r\n\r\n", Front.Credentials, "Transfer-Encoding: chunked");

        Assert.Equal(200, response.Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(("{\"_timestamp\":1700000000,\"a\":1.10 }", ""), (handedOver.Body, handedOver.Call.Headers.ToString()));
    }

    [Fact]
    public async Task A_gzip_body_is_kept_decoded_and_without_its_encoding()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("PUT", "/api/v1/customers/42", Gzip("""{"a":1}"""), Front.Credentials, "Content-Encoding: gzip", "Content-Type: application/json");

        Assert.Equal(200, response.Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal("""{"_timestamp":1700000000,"a":1}""", handedOver.Body);
        Assert.Equal("Content-Type: application/json\n", handedOver.Call.Headers.ToString());
    }

    [Fact]
    public async Task A_gzip_body_that_is_none_is_refused()
    {
        await using var front = await Front.StartAsync();

        var plain = await front.SendAsync("PUT", "/api/v1/customers/42", "{}", Front.Credentials, "Content-Encoding: gzip");
        var cut = await front.SendAsync("PUT", "/api/v1/customers/42", Gzip(new string(' ', 5000) + "{}")[..^12], Front.Credentials, "Content-Encoding: gzip");
        var unknown = await front.SendAsync("PUT", "/api/v1/customers/42", "{}", Front.Credentials, "Content-Encoding: br");

        Assert.Equal([400, 400, 400], [plain.Status, cut.Status, unknown.Status]);
        Assert.Equal("""{"meta":{"errors":["The body is not what Content-Encoding: gzip promises. Compress it, or leave the header out."]}}""", plain.Body);
        Assert.Equal("""{"meta":{"errors":["The Content-Encoding is not known here. Send the body plain or with gzip."]}}""", unknown.Body);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task A_gzip_body_that_unfolds_beyond_the_maximum_is_refused()
    {
        await using var front = await Front.StartAsync(new ApiSettings(null, MaxBodyBytes: 100_000));

        var response = await front.SendAsync("PUT", "/api/v1/customers/42", Gzip("{}" + new string(' ', 10_000_000)), Front.Credentials, "Content-Encoding: gzip");

        Assert.Equal(413, response.Status);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task Two_calls_on_one_connection_are_two_calls()
    {
        await using var front = await Front.StartAsync();
        var first = $"PUT /api/v1/customers/1 HTTP/1.1\r\nHost: x\r\nAuthorization: {Front.Credentials}\r\nContent-Length: 7\r\n\r\n{{\"a\":1}}";
        var second = $"PUT /api/v1/customers/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {Front.Credentials}\r\nContent-Length: 7\r\n\r\n{{\"b\":2}}";

        await front.ExchangeAsync(Encoding.ASCII.GetBytes(first + second));

        Assert.Equal(
            [("id:1", """{"_timestamp":1700000000,"a":1}"""), ("id:2", """{"_timestamp":1700000000,"b":2}""")],
            front.Sink.Calls.Select(c => (c.Customer, c.Body)));
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        await using var front = await Front.StartAsync();
        var body = $$"""{"name":"e","junk":"{{new string('x', 400_000)}}"}""";

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v1/customers/1/events", body)).Status);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(CallKind.Event, handedOver.Call.Kind);
        Assert.EndsWith(body[1..], handedOver.Body, StringComparison.Ordinal);
    }

    private static byte[] Gzip(string text)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }
}
