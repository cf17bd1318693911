using System.Net;
using CioOrleans.Auditing;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminWorkspaceTests : IAsyncLifetime
{
    private const string Status = """
        {"workspace":"acme","isPaused":true,"pauseReason":"401","queued":7,"ready":6,"inFlight":5,"waitingForRetry":4,"deadLetters":3,"epoch":2,"owner":"S127.0.0.1:11111:7","limits":{"identify":{"limit":"100/1s","rate":99.33,"tokens":98,"pausedUntil":null,"sharedWith":["track"]},"track":{"limit":"100/1s","rate":99.33,"tokens":98,"pausedUntil":null,"sharedWith":["identify"]},"broadcast":{"limit":"1/10s","rate":0.1,"tokens":0,"pausedUntil":"2026-08-01T12:00:00+00:00","sharedWith":[]}},"hosts":{"track":{"state":"normal","since":"2026-08-01T12:00:00+00:00","reason":null,"nextProbeAt":null,"inFlight":5,"slots":43},"app":{"state":"misconfigured","since":"2026-08-01T12:00:00+00:00","reason":"401","nextProbeAt":"2026-08-01T12:01:00+00:00","inFlight":0,"slots":21}}}
        """;

    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IWorkspaceGrain _acme = Substitute.For<IWorkspaceGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync("key");
        _host.Grains.GetGrain<IWorkspaceGrain>("acme", Arg.Any<string?>()).Returns(_acme);
        _acme.GetStatus().Returns(_ => ValueTask.FromResult(new WorkspaceStatus(
            [
                new LimitStatus([LimitClass.Identify, LimitClass.Track], "100/1s", 99.3333, 98, null),
                new LimitStatus([LimitClass.Broadcast], "1/10s", 0.1, 0, new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero)),
            ],
            7, 6, 5, 4, 3, true, "401", 2, "S127.0.0.1:11111:7",
            [
                new HostStatus(UpstreamHost.Track, HostState.Normal, _noon, null, null, 5, 43),
                new HostStatus(UpstreamHost.App, HostState.Misconfigured, _noon, "401", _noon.AddMinutes(1), 0, 21),
            ])));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_workspace_shows_its_queue_and_its_limits_by_class() =>
        Assert.Equal((HttpStatusCode.OK, Status), await _host.SendAsync("GET", "/admin/workspaces/acme"));

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("GET", "/dead-letters")]
    [InlineData("GET", "/customers/id:1")]
    public async Task An_unknown_workspace_reaches_no_grain_but_the_audit_trail(string method, string call)
    {
        Assert.Equal(
            (HttpStatusCode.NotFound, """{"meta":{"error":"There is no workspace 'ACME'."}}"""),
            await _host.SendAsync(method, "/admin/workspaces/ACME" + call));
        Assert.DoesNotContain(_host.Grains.ReceivedCalls(), asked => asked.GetMethodInfo().GetGenericArguments()[0] != typeof(IAuditGrain));
    }

    [Theory]
    [InlineData(null, "paused by an operator")]
    [InlineData("{}", "paused by an operator")]
    [InlineData("""{"reason":"migration"}""", "migration")]
    public async Task A_pause_reaches_the_grain_with_its_reason(string? body, string reason)
    {
        Assert.Equal((HttpStatusCode.OK, Status), await _host.SendAsync("POST", "/admin/workspaces/acme/pause", body));
        await _acme.Received(1).Pause(reason);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"reason":1}""")]
    [InlineData("""{"because":"x"}""")]
    public async Task A_pause_with_a_wrong_body_pauses_nothing(string body)
    {
        Assert.Equal(
            (HttpStatusCode.BadRequest, """{"meta":{"error":"Send no body or {\"reason\":\"…\"} of at most 500 characters."}}"""),
            await _host.SendAsync("POST", "/admin/workspaces/acme/pause", body));
        await _acme.DidNotReceiveWithAnyArgs().Pause(string.Empty);
    }

    [Fact]
    public async Task The_end_of_a_pause_after_a_429_reaches_the_grain_and_its_class_must_exist()
    {
        Assert.Equal((HttpStatusCode.OK, Status), await _host.SendAsync("POST", "/admin/workspaces/acme/limits/transactional-email/resume"));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync("POST", "/admin/workspaces/acme/limits/none/resume")).Status);

        await _host.Grains.GetGrain<IWorkspaceGrain>("acme").Received(1).EndThrottle(LimitClass.TransactionalEmail);
    }

    [Fact]
    public async Task A_resume_reaches_the_grain()
    {
        Assert.Equal((HttpStatusCode.OK, Status), await _host.SendAsync("POST", "/admin/workspaces/acme/resume"));
        await _acme.Received(1).Resume();
    }

    [Fact]
    public async Task A_grain_that_does_not_answer_is_a_503()
    {
        _acme.GetStatus().Returns(_ => ValueTask.FromException<WorkspaceStatus>(new TimeoutException("30 s")));

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"meta":{"error":"The workspace does not answer at the moment; whether the call took effect is unknown."}}"""),
            await _host.SendAsync("GET", "/admin/workspaces/acme"));
    }

    [Theory]
    [InlineData("GET", "/admin/nothing")]
    [InlineData("PUT", "/admin/workspaces/acme/pause")]
    [InlineData("POST", "/admin/workspaces/acme/dead-letters")]
    public async Task A_call_that_there_is_not_is_a_404(string method, string path) => Assert.Equal(
        (HttpStatusCode.NotFound, $$$"""{"meta":{"error":"There is no call {{{method}}} {{{path}}}."}}"""),
        await _host.SendAsync(method, path));
}
