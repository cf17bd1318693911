using System.Net;
using System.Net.Sockets;
using System.Text;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Delivery;

public sealed class CustomerIoClientTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    /// <summary>Long enough for the connection on a loaded machine. A shorter one would find the server unreachable.</summary>
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(1);

    private readonly FixedLeaseClock _leases = new();
    private readonly CustomerIoClient _client;

    public CustomerIoClientTests() =>
        _client = new CustomerIoClient(new CustomerIoHttp(TimeProvider.System), new CircuitBreakers(TimeProvider.System), _leases, TimeProvider.System);

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

        var result = await SendAsync(server.Url, Identify(), attemptTimeout: _short);

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
    public async Task The_breaker_of_one_host_stops_no_attempt_to_another()
    {
        await using var failing = RawServer.Answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        await using var well = RawServer.Answering(Ok);
        AttemptResult last;
        do
        {
            last = await SendAsync(well.Url, Identify() with { LimitClass = LimitClass.Pipelines }, pipelines: failing.Url);
        }
        while (last is AttemptResult.Response);

        Assert.Equal(FailureKind.BreakerOpen, Assert.IsType<AttemptResult.NoResponse>(last).Kind);
        Assert.Equal(200, Assert.IsType<AttemptResult.Response>(await SendAsync(well.Url, Identify())).Status);
    }

    [Fact]
    public async Task Attempts_that_hang_do_not_open_the_breaker_so_that_the_end_of_the_silence_is_noticed()
    {
        await using var server = new RawServer((_, _, _) => Task.CompletedTask);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(server.Url, Identify(), attemptTimeout: _short).AsTask()));

        var result = await SendAsync(server.Url, Identify(), attemptTimeout: _short);

        Assert.Equal(FailureKind.TimedOut, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
    }

    [Fact]
    public async Task A_request_that_is_given_up_has_its_connection_reset()
    {
        var ended = new TaskCompletionSource<SocketError>();
        await using var server = new RawServer((_, _, _) => Task.CompletedTask) { Ended = error => ended.TrySetResult(error) };

        await SendAsync(server.Url, Identify(), attemptTimeout: _short);

        Assert.Equal(SocketError.ConnectionReset, await ended.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_request_that_is_given_up_ends_a_packet_life_after_its_reset()
    {
        var time = new FakeTimeProvider();
        var (arrived, reset) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new RawServer((_, _, _) =>
        {
            arrived.SetResult();
            return Task.CompletedTask;
        })
        {
            Ended = _ => reset.SetResult(),
        };
        using var http = new CustomerIoHttp(time);
        var client = new CustomerIoClient(http, new CircuitBreakers(time), _leases, time);
        var sending = SendAsync(server.Url, Identify(), client: client).AsTask();
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));

        time.Advance(TimeSpan.FromSeconds(10));
        await reset.Task.WaitAsync(TimeSpan.FromSeconds(10));
        time.Advance(RequestEnd.PacketLife - TimeSpan.FromMilliseconds(1));
        var early = await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System)) == sending;
        while (!sending.IsCompleted)
        {
            // The wait begins when the time-out has been handled, which no event tells.
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.False(early, "ended before a packet life had passed");
        var result = await sending;
        Assert.Equal(FailureKind.TimedOut, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
        Assert.Equal(TimeSpan.Zero, time.GetElapsedTime(result.EndedAt));
    }

    /// <summary>A full backlog swallows connection requests, as a network does that loses everything.</summary>
    [Fact]
    public async Task A_connection_that_does_not_come_about_in_time_is_unreachable_and_certainly_not_sent()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!);
        var began = TimeProvider.System.GetTimestamp();

        var result = Assert.IsType<AttemptResult.NoResponse>(await SendAsync(new Uri($"http://{full.LocalEndPoint}"), Identify(), attemptTimeout: TimeSpan.FromMilliseconds(300)));

        Assert.Equal((FailureKind.Unreachable, "no connection in time"), (result.Kind, result.Reason));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromMilliseconds(250), RequestEnd.PacketLife);
    }

    [Fact]
    public async Task An_answer_before_the_whole_request_was_written_leaves_nothing_on_its_way()
    {
        var ended = new TaskCompletionSource<SocketError>();
        await using var server = new RawServer((_, _, _) => Task.CompletedTask)
        {
            Ended = error => ended.TrySetResult(error),
            AnswerToHead = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n",
        };

        var result = await SendAsync(server.Url, Identify() with { Body = new byte[32 * 1024 * 1024] }, attemptTimeout: TimeSpan.FromSeconds(1));

        Assert.Equal(FailureKind.TimedOut, Assert.IsType<AttemptResult.NoResponse>(result).Kind);
        Assert.Equal(SocketError.ConnectionReset, await ended.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_request_that_is_half_written_when_its_time_has_passed_is_not_completed()
    {
        await using var server = RawServer.Answering(Ok);
        using var http = new CustomerIoHttp(TimeProvider.System);
        await using var attempt = new Attempt(PermitOf(LimitClass.Query, TimeSpan.FromSeconds(10)), _leases, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url);

        // The body is longer than the buffer of the HTTP stack, so it is written in two parts. Between them the process is frozen for eleven seconds.
        var half = new byte[64 * 1024];
        request.Content = new PushedContent(2 * half.Length, async stream =>
        {
            await stream.WriteAsync(half);
            await stream.FlushAsync();
            _leases.Now += TimeSpan.FromSeconds(11);
            await stream.WriteAsync(half);
        });

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => attempt.SendAsync(token => http.SendAsync(request, token)));

        Assert.Equal(FailureKind.ConnectionLost, Assert.IsType<AttemptResult.NoResponse>(attempt.ResultOf(failure)).Kind);
        Assert.Contains("had passed before its request was written to the end", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_kernel_transmits_what_was_written_no_longer_than_it_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has TCP_USER_TIMEOUT.");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        TransmissionLimit.Set(socket, TimeSpan.FromSeconds(1.5));
        Assert.Equal(1_500, Read());

        // Zero would mean the default of the kernel: minutes.
        TransmissionLimit.Set(socket, TimeSpan.FromSeconds(-1));
        Assert.Equal(1, Read());

        int Read()
        {
            var value = new byte[sizeof(int)];
            socket.GetRawSocketOption(optionLevel: 6, optionName: 18, value);
            return BitConverter.ToInt32(value);
        }
    }

    [Fact]
    public async Task Connections_are_used_again_and_a_reset_after_an_answer_harms_nobody()
    {
        await using var server = RawServer.Answering(Ok);
        for (var request = 0; request < 3; request++)
        {
            Assert.Equal(200, Assert.IsType<AttemptResult.Response>(await SendAsync(server.Url, Identify())).Status);
        }

        Assert.Equal((3, 1), (server.Requests.Count, server.Connections));
    }

    [Fact]
    public async Task A_request_without_an_attempt_is_not_sent()
    {
        await using var server = RawServer.Answering(Ok);
        using var http = new CustomerIoHttp(TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);

        await Assert.ThrowsAnyAsync<Exception>(() => http.SendAsync(request, CancellationToken.None));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_request_without_a_body_is_not_repeated_by_the_HTTP_stack_either()
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
        using var http = new CustomerIoHttp(TimeProvider.System);
        await GetAsync(http, server.Url);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => GetAsync(http, server.Url));

        Assert.Equal(2, server.Requests.Count);
    }

    /// <summary>A body that is written by the test.</summary>
    private sealed class PushedContent(int length, Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }

    private async Task GetAsync(CustomerIoHttp http, Uri url)
    {
        await using var attempt = new Attempt(PermitOf(LimitClass.Query, TimeSpan.FromSeconds(10)), _leases, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await attempt.SendAsync(token => http.SendAsync(request, token));
        attempt.OnAnswered();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static Permit PermitOf(LimitClass limitClass, TimeSpan attemptTimeout) => new(1, limitClass, ExpiresAt: TimeSpan.FromSeconds(110), attemptTimeout);

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

    private ValueTask<AttemptResult> SendAsync(Uri url, Call call, TimeSpan? attemptTimeout = null, CustomerIoClient? client = null, Uri? pipelines = null)
    {
        var workspace = new WorkspaceSettings { Name = "acme", SiteId = "site", ApiKey = "key", TrackUrl = url, AppUrl = url, PipelinesUrl = pipelines ?? url, LimitGroups = [] };
        return (client ?? _client).SendAsync(workspace, call, PermitOf(call.LimitClass, attemptTimeout ?? TimeSpan.FromSeconds(10)), CancellationToken.None);
    }
}
