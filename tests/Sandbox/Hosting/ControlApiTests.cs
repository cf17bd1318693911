using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Sandbox.Hosting;

public sealed class ControlApiTests : HttpTestBase
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    protected override TimeProvider Time => _time;

    [Fact]
    public async Task Faults_are_read_and_replaced()
    {
        using var put = await Send("PUT", "/sandbox/faults", """{"serverError":0.25,"outage":"TimeOut","retryAfter":"2"}""");

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(new SandboxFaults { ServerError = 0.25, Outage = Outage.TimeOut, RetryAfter = "2" }, Server.Faults);
        var got = await Client.GetFromJsonAsync<SandboxFaults>("/sandbox/faults");
        Assert.Equal(Server.Faults, got);

        using var none = await Send("PUT", "/sandbox/faults", "{}");
        Assert.Equal(SandboxFaults.None, Server.Faults);
    }

    [Theory]
    [InlineData("""{"serverError":2}""")]
    [InlineData("""{"outage":"Sometimes"}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Wrong_faults_are_refused_and_change_nothing(string body)
    {
        Server.Faults = new SandboxFaults { Reset = 0.5 };
        using var response = await Send("PUT", "/sandbox/faults", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(new SandboxFaults { Reset = 0.5 }, Server.Faults);
    }

    [Fact]
    public async Task The_report_is_told_as_JSON_over_any_window_and_reset()
    {
        using var first = await Identify("a", 1);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        using var second = await Track("a", 3);

        var report = await Client.GetFromJsonAsync<JsonElement>("/sandbox/report");
        Assert.Equal(2, report.GetProperty("arrivals").GetInt32());
        Assert.Equal(1, report.GetProperty("maxInWindow").GetInt32());
        Assert.Equal([1, 1], report.GetProperty("arrivalsPerSecond").EnumerateArray().Select(s => s.GetInt32()));
        Assert.Equal(2, report.GetProperty("byStatus").GetProperty("200").GetInt32());
        Assert.Equal(1, report.GetProperty("byClass").GetProperty("track").GetInt32());
        Assert.Equal("2027-01-15T08:00:01.5+00:00", report.GetProperty("lastArrival").GetString());
        Assert.Equal(1, report.GetProperty("order").GetProperty("missingSeqs").GetInt32());

        var wide = await Client.GetFromJsonAsync<JsonElement>("/sandbox/report?window=2s");
        Assert.Equal(2, wide.GetProperty("maxInWindow").GetInt32());

        using var reset = await Send("POST", "/sandbox/reset", null);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal((0, 0, 0), (Server.Report().Arrivals, Server.Report().Order.Processed, Server.Report().ByStatus.Count));
    }

    [Fact]
    public async Task The_page_reloads_itself_and_shows_the_report()
    {
        using var identified = await Identify("a");
        var page = await Client.GetStringAsync(new Uri("/sandbox", UriKind.Relative));

        Assert.Contains("<meta http-equiv=\"refresh\" content=\"2\">", page, StringComparison.Ordinal);
        Assert.Matches("order violations +0\n", page);
        Assert.Matches("arrivals +1\n", page);
    }

    [Fact]
    public async Task Customers_are_listed()
    {
        using var identified = await Identify("a%2Fb");
        var customers = await Client.GetFromJsonAsync<JsonElement>("/sandbox/customers?limit=5");

        Assert.Equal("a/b", customers[0].GetProperty("customer").GetString());
    }

    [Fact]
    public async Task The_sandboxs_own_calls_are_never_counted_or_failed()
    {
        Server.Faults = new SandboxFaults { Outage = Outage.Reset };

        using var unknown = await Send("GET", "/sandbox/nonsense", null);
        using var wrong = await Send("GET", "/sandbox/report?window=x", null);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.StatusCode, wrong.StatusCode));
        Assert.Equal(0, Server.Report().Arrivals);
    }

    [Fact]
    public async Task Somebody_can_wait_for_what_is_processed()
    {
        var two = Server.WaitForProcessedAsync(2);
        using var first = await Identify("a", 1);
        Assert.False(two.IsCompleted);

        using var second = await Identify("a", 2);
        await two.WaitAsync(Patience);
        Assert.True(Server.WaitForProcessedAsync(2).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_latency_passes_after_the_arrival_was_counted_and_before_the_answer()
    {
        await using var slow = await SandboxServer.StartAsync(
            new SandboxOptions { Url = "http://127.0.0.1:0", Latency = LatencyDistribution.Constant(TimeSpan.FromSeconds(5)) }, _time);
        var answer = Client.DeleteAsync(new Uri(slow.Url, "/api/v1/customers/a"));
        await slow.WaitForProcessedAsync(1).WaitAsync(Patience);
        Assert.Equal(1, slow.Report().Arrivals);
        Assert.False(answer.IsCompleted);

        // The timer starts a moment after the call was processed: time goes on until it has been seen.
        while (!answer.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
