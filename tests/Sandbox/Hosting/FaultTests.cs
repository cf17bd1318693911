using System.Net;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

public sealed class FaultTests : HttpTestBase
{
    [Fact]
    public async Task Faults_are_switched_while_it_runs()
    {
        Assert.Equal(200, await StatusWith(SandboxFaults.None));
        Assert.Equal(500, await StatusWith(new SandboxFaults { ServerError = 1 }));
        Assert.Equal(503, await StatusWith(new SandboxFaults { Unavailable = 1 }));
        Assert.Equal(429, await StatusWith(new SandboxFaults { Throttled = 1 }));
        Assert.Equal(401, await StatusWith(new SandboxFaults { Unauthorized = true }));
        Assert.Equal(500, await StatusWith(new SandboxFaults { Outage = Outage.ServerError }));
        Assert.Equal(200, await StatusWith(SandboxFaults.None));

        var report = Server.Report();
        Assert.Equal((7, 2, 2, 1), (report.Arrivals, report.Order.Processed, report.Status(500), report.Status(401)));
    }

    [Fact]
    public async Task A_throttled_answer_carries_the_headers_it_is_told_to()
    {
        Server.Faults = new SandboxFaults { Throttled = 1 };
        using var bare = await Identify("a");
        Server.Faults = new SandboxFaults { Throttled = 1, RetryAfter = "nonsense", RateLimitRemaining = "0", RateLimitReset = "1800000000" };
        using var told = await Identify("a");

        Assert.False(bare.Headers.Contains("Retry-After") || bare.Headers.Contains("X-RateLimit-Remaining") || bare.Headers.Contains("X-RateLimit-Reset"));
        Assert.Equal("nonsense", told.Headers.NonValidated["Retry-After"].ToString());
        Assert.Equal("0", told.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.Equal("1800000000", told.Headers.GetValues("X-RateLimit-Reset").Single());
    }

    [Fact]
    public async Task What_is_refused_when_it_first_comes_is_processed_when_it_comes_again()
    {
        Server.Faults = new SandboxFaults { RefuseFirst = "once" };
        using var first = await Send("PUT", "/api/v1/customers/a", """{"refused":"once"}""");
        using var other = await Send("PUT", "/api/v1/customers/a", """{"refused":"never"}""");
        using var again = await Send("PUT", "/api/v1/customers/a", """{"refused":"once"}""");

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, other.StatusCode, again.StatusCode]);
        Assert.Equal(2, Server.Report().Order.Processed);
    }

    [Fact]
    public async Task A_500_after_processing_was_processed()
    {
        Assert.Equal(500, await StatusWith(new SandboxFaults { ServerErrorAfterProcessing = 1 }));
        Assert.Equal(200, await StatusWith(SandboxFaults.None));

        Assert.Equal((2, 1), (Server.Report().Order.Processed, Server.Report().Order.Duplicates));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 0)]
    public async Task A_reset_breaks_the_connection_before_or_after_processing(double before, double after, int processed)
    {
        Server.Faults = new SandboxFaults { Reset = before, ResetAfterProcessing = after };

        await Assert.ThrowsAsync<HttpRequestException>(() => Identify("a"));

        Assert.Equal((1, processed), (Server.Report().ByStatus["reset"], Server.Report().Order.Processed));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 0)]
    public async Task A_time_out_is_never_answered(double before, double after, int processed)
    {
        Server.Faults = new SandboxFaults { TimeOut = before, TimeOutAfterProcessing = after };
        using var patience = new CancellationTokenSource();
        var hanging = Client.DeleteAsync(new Uri("/api/v1/customers/a", UriKind.Relative), patience.Token);
        await Until(() => Server.Report().ByStatus.ContainsKey("timeout"));
        Assert.False(hanging.IsCompleted);

        await patience.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => hanging);
        Assert.Equal((1, processed), (Server.Report().ByStatus["timeout"], Server.Report().Order.Processed));
    }

    [Fact]
    public async Task A_hanging_request_does_not_hold_up_the_shutdown()
    {
        Server.Faults = new SandboxFaults { Outage = Outage.TimeOut };
        var hanging = Identify("a");
        await Until(() => Server.Report().ByStatus.ContainsKey("timeout"));

        await Server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults()
    {
        var faults = new SandboxFaults { ServerError = 0.3 };
        Server.Faults = faults;
        await using var other = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", Faults = faults });
        var (here, there) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
        for (var i = 0; i < 50; i++)
        {
            using var response = await Client.DeleteAsync(new Uri(Server.Url, "/api/v1/customers/a"));
            here.Add(response.StatusCode);
            using var otherResponse = await Client.DeleteAsync(new Uri(other.Url, "/api/v1/customers/a"));
            there.Add(otherResponse.StatusCode);
        }

        Assert.Equal(here, there);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.InternalServerError], here.Distinct().Order());
    }

    [Fact]
    public void Faults_out_of_range_are_refused() => Assert.Throws<ArgumentException>(() => Server.Faults = new SandboxFaults { Reset = 2 });

    private async Task<int> StatusWith(SandboxFaults faults)
    {
        Server.Faults = faults;
        using var response = await Identify("a");
        return (int)response.StatusCode;
    }
}
