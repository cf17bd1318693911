using System.Net;
using System.Net.Sockets;
using System.Text;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>Requests written byte by byte, as no well-behaved client would send them.</summary>
public sealed class WireTests : HttpTestBase
{
    protected override SandboxOptions Options => new() { RecordRequests = 2 };

    [Theory]
    [InlineData("/api/v1/customers/a%20b%2Fc%2Bd%40x.com%25%C3%A9", "a b/c+d@x.com%é")]
    [InlineData("/api/v1/customers/a+b@x.com", "a+b@x.com")]
    [InlineData("/api/v1/customers/a:b&c=d$e", "a:b&c=d$e")]
    public async Task A_customer_is_named_by_the_raw_target(string target, string customer)
    {
        var answer = await Exchange($"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{{\"seq\":1}}");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(1, Server.Customer(customer)?.DistinctSeqs);
        Assert.Equal(target, Server.Requests.Single().RawTarget);
    }

    [Fact]
    public async Task A_chunked_body_is_read_whole()
    {
        await Exchange("PUT /api/v1/customers/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\n{\"se\r\n5\r\nq\":1}\r\n0\r\n\r\n");

        Assert.Equal("{\"seq\":1}", Encoding.UTF8.GetString(Server.Requests.Single().Body.Span));
        Assert.Equal(1, Server.Customer("a")?.DistinctSeqs);
    }

    [Fact]
    public async Task A_client_that_leaves_before_its_body_is_there_has_arrived_and_changed_nothing()
    {
        await Exchange("POST /api/v1/customers/a/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"name\":", thenLeave: true);
        await Until(() => Server.Report().ByStatus.ContainsKey("incomplete"));

        Assert.Equal((1, 0), (Server.Report().ByClass["track"], Server.Report().Order.Processed));
    }

    [Fact]
    public async Task A_closed_connection_ends_without_an_answer_and_without_a_reset()
    {
        Server.Faults = new SandboxFaults { Close = 1 };

        Assert.Equal(string.Empty, await Exchange("DELETE /api/v1/customers/a HTTP/1.1\r\nHost: x\r\n\r\n"));

        Assert.Equal((1, 0), (Server.Report().ByStatus["closed"], Server.Report().Order.Processed));
    }

    [Fact]
    public async Task Only_the_last_requests_are_kept_as_they_came()
    {
        using var first = await Identify("a", 1);
        using var second = await Send("PUT", "/api/v1/customers/b?x=%2F", "{ \"price\": 1.10 }", "Basic eDp5");
        using var third = await Identify("c", 3);

        Assert.Equal(["/api/v1/customers/b?x=%2F", "/api/v1/customers/c"], Server.Requests.Select(r => r.RawTarget));
        var kept = Server.Requests[0];
        Assert.Equal(("PUT", 200, "{ \"price\": 1.10 }"), (kept.Method, kept.Status, Encoding.UTF8.GetString(kept.Body.Span)));
        Assert.Equal("Basic eDp5", kept.Headers["authorization"]);

        var json = await Client.GetStringAsync(new Uri("/sandbox/requests?limit=1", UriKind.Relative));
        Assert.Contains("\"rawTarget\": \"/api/v1/customers/c\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/v1/customers/b", json, StringComparison.Ordinal);
    }

    private async Task<string> Exchange(string request, bool thenLeave = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Server.Url.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        if (thenLeave)
        {
            return string.Empty;
        }

        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
