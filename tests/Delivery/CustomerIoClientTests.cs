using System.Net.Sockets;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

public sealed class CustomerIoClientTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private readonly FixedLeaseClock _leases = new();
    private readonly CustomerIoClient _client;

    public CustomerIoClientTests() =>
        _client = new CustomerIoClient(CustomerIoHandler.Create(), new CircuitBreakers(TimeProvider.System), _leases, TimeProvider.System);

    [Fact]
    public async Task What_the_SDK_sent_arrives_byte_for_byte_with_the_workspaces_credentials()
    {
        await using var server = RawServer.Answering(Ok);
        var call = Identify() with
        {
            Target = "/api/v1/customers/a%20b%2Fc%2Bd%40x.com%25%C3%A9?x=1+2",
            Headers = [new("User-Agent", "Customer.io Node Client/5"), new("Content-Type", "application/json"), new("X-Odd", "a:b, c")],
            Body = Encoding.UTF8.GetBytes("""{ "price" : 1.10, "big":12345678901234567890, "é":"ü" }"""),
        };

        var result = await SendAsync(server.Url, call);

        Assert.Equal(200, Assert.IsType<AttemptResult.Response>(result).Status);
        var host = server.Url.Authority;
        var expected =
            "PUT /api/v1/customers/a%20b%2Fc%2Bd%40x.com%25%C3%A9?x=1+2 HTTP/1.1\r\n" +
            $"Host: {host}\r\nUser-Agent: Customer.io Node Client/5\r\nX-Odd: a:b, c\r\nAuthorization: Basic c2l0ZTprZXk=\r\n" +
            "Content-Type: application/json\r\nContent-Length: 57\r\n\r\n" +
            """{ "price" : 1.10, "big":12345678901234567890, "é":"ü" }""";
        Assert.Equal([expected], server.Requests);
    }

    [Fact]
    public async Task A_permit_that_has_ended_puts_nothing_on_the_wire()
    {
        await using var server = RawServer.Answering(Ok);
        _leases.Now = TimeSpan.FromSeconds(200);

        var result = await SendAsync(server.Url, Identify());

        Assert.IsType<AttemptResult.PermitExpired>(result);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_headers_of_a_429_are_handed_on()
    {
        await using var server = RawServer.Answering("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow");

        var response = Assert.IsType<AttemptResult.Response>(await SendAsync(server.Url, Identify()));

        Assert.Equal((429, "slow"), (response.Status, response.Error));
        Assert.Equal(new RateLimitSignal(TimeSpan.FromSeconds(7), null, null, 0), response.Signal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = RawServer.Answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(302, Assert.IsType<AttemptResult.Response>(await SendAsync(server.Url, Identify())).Status);
    }

    [Fact]
    public async Task Silence_is_a_time_out()
    {
        await using var server = new RawServer((_, _, _) => Task.CompletedTask);

        var result = await SendAsync(server.Url, Identify(), attemptTimeout: TimeSpan.FromMilliseconds(100));

        Assert.Equal(FailureKind.TimedOut, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_request_is_lost_and_the_request_is_not_repeated_by_itself()
    {
        var served = 0;
        await using var server = new RawServer(async (socket, _, cancellation) =>
        {
            if (served++ == 0)
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(Ok), cancellation);
                return;
            }

            socket.Close();
        });
        await SendAsync(server.Url, Identify());

        var result = await SendAsync(server.Url, Identify());

        Assert.Equal(FailureKind.ConnectionLost, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable_and_certainly_not_sent()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var url = new Uri($"http://{unused.LocalEndPoint}");

        var result = await SendAsync(url, Identify());

        Assert.Equal(FailureKind.Unreachable, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
    }

    [Fact]
    public async Task When_most_attempts_fail_the_breaker_opens_and_nothing_more_is_sent()
    {
        await using var server = RawServer.Answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal(500, Assert.IsType<AttemptResult.Response>(await SendAsync(server.Url, Identify())).Status);
        }

        var result = await SendAsync(server.Url, Identify());

        Assert.Equal(FailureKind.BreakerOpen, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
        Assert.Equal(10, server.Requests.Count);
    }

    [Fact]
    public async Task Attempts_that_hang_do_not_open_the_breaker_so_that_the_end_of_the_silence_is_noticed()
    {
        await using var server = new RawServer((_, _, _) => Task.CompletedTask);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await SendAsync(server.Url, Identify(), attemptTimeout: TimeSpan.FromMilliseconds(100));
        }

        var result = await SendAsync(server.Url, Identify(), attemptTimeout: TimeSpan.FromMilliseconds(100));

        Assert.Equal(FailureKind.TimedOut, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
    }

    private static Call Identify() => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Identify,
        Method = "PUT",
        Target = "/api/v1/customers/1",
        Headers = [new("Content-Type", "application/json")],
        Body = "{}"u8.ToArray(),
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };

    private ValueTask<AttemptResult> SendAsync(Uri url, Call call, TimeSpan? attemptTimeout = null)
    {
        var workspace = new WorkspaceSettings { Name = "acme", SiteId = "site", ApiKey = "key", TrackUrl = url, AppUrl = url, LimitGroups = [] };
        var permit = new Permit(1, call.LimitClass, ExpiresAt: TimeSpan.FromSeconds(110), attemptTimeout ?? TimeSpan.FromSeconds(10));
        return _client.SendAsync(workspace, call, permit, CancellationToken.None);
    }
}
