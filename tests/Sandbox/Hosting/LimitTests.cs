using System.Net;
using CioOrleans.Sandbox.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Sandbox.Hosting;

public sealed class LimitTests : HttpTestBase
{
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    protected override TimeProvider Time => _time;

    protected override SandboxOptions Options => new()
    {
        Limits = SandboxLimit.Parse("identify,track=3/2s; page=1/1s"),
        SendRetryAfter = true,
        SendRateLimitHeaders = true,
        ReportWindow = TimeSpan.FromSeconds(2),
    };

    [Fact]
    public async Task The_first_over_the_limit_is_429_and_the_window_ends_to_the_tick()
    {
        await Expect(200, Identify("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Expect(200, Track("a"));
        await Expect(200, Identify("b"));
        await Expect(429, Track("b"));

        _time.Advance(TimeSpan.FromSeconds(1) - _tick);
        await Expect(429, Identify("c"));
        _time.Advance(_tick);
        await Expect(200, Identify("c"));
        await Expect(429, Identify("d"));
    }

    [Fact]
    public async Task What_was_refused_counts_as_arrived_and_not_as_processed()
    {
        for (var i = 0; i < 5; i++)
        {
            using var response = await Identify("a", i);
        }

        var report = Server.Report();
        Assert.Equal((5, 3, 2), (report.Arrivals, report.Status(200), report.Status(429)));
        Assert.Equal(5, report.MaxInWindow);
        Assert.Equal(5, report.MaxInWindowByClass["identify,track"]);
        Assert.Equal(3, report.Order.Processed);
    }

    [Fact]
    public async Task The_refusal_says_when_to_come_back()
    {
        for (var i = 0; i < 3; i++)
        {
            await Expect(200, Identify("a", i));
        }

        _time.Advance(TimeSpan.FromSeconds(0.5));
        using var response = await Identify("a", 3);

        Assert.Equal("2", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("0", response.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.Equal("1800000002", response.Headers.GetValues("X-RateLimit-Reset").Single());
        Assert.Equal("""{"meta":{"error":"Too many requests"}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_view_counts_against_its_own_limit()
    {
        const string view = """{"name":"/","type":"page"}""";
        await Expect(200, Send("POST", "/api/v1/customers/a/events", view));
        await Expect(429, Send("POST", "/api/v1/customers/a/events", view));
        await Expect(200, Track("a"));

        var report = Server.Report();
        Assert.Equal((2, 1), (report.ByClass["page"], report.ByClass["track"]));
    }

    [Fact]
    public async Task A_reset_forgets_the_report_and_not_what_the_limit_admitted()
    {
        for (var i = 0; i < 3; i++)
        {
            await Expect(200, Identify("a", i));
        }

        Server.Reset();
        await Expect(429, Identify("a", 3));

        Assert.Equal((1, 0), (Server.Report().Arrivals, Server.Report().Order.Processed));
    }

    private static async Task Expect(int status, Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
    }
}
