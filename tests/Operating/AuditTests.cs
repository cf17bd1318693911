using System.Net;
using CioOrleans.Auditing;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AuditTests : IAsyncLifetime
{
    private readonly IAuditGrain _audit = Substitute.For<IAuditGrain>();
    private readonly IWorkspaceGrain _acme = Substitute.For<IWorkspaceGrain>();
    private readonly List<AuditEntry> _recorded = [];
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync("s3cret");
        _audit.Record(Arg.Do<AuditEntry>(_recorded.Add)).Returns(ValueTask.FromResult((string?)null));
        _host.Grains.GetGrain<IAuditGrain>(0).Returns(_audit);
        _host.Grains.GetGrain<IWorkspaceGrain>("acme", Arg.Any<string?>()).Returns(_acme);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_changes_something_is_recorded_before_it_is_done_and_with_its_answer_after()
    {
        _acme.When(workspace => workspace.Pause(Arg.Any<string>())).Do(_ => Assert.Null(Assert.Single(_recorded).Status));
        _acme.GetStatus().Returns<WorkspaceStatus>(_ => throw new TimeoutException());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _host.SendAsync("POST", "/admin/workspaces/acme/pause?x=1", """{"reason":"lunch"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync("POST", "/admin/nothing")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync("GET", "/admin/workspaces")).Status);

        await _acme.Received(1).Pause("lunch");
        Assert.Equal(
            [
                ("ApiKey", "POST /admin/workspaces/{workspace}/pause", """/admin/workspaces/acme/pause?x=1 {"reason":"lunch"}""", null),
                ("ApiKey", "POST /admin/{**rest}", "/admin/nothing", null),
                ("ApiKey", "POST /admin/{**rest}", "/admin/nothing", (int?)404),
            ],
            _recorded.Select(entry => (entry.Caller, entry.Action, entry.Selection, entry.Status)));
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_done()
    {
        _audit.Record(Arg.Any<AuditEntry>()).Returns(ValueTask.FromResult((string?)"The disk is full."));

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"meta":{"error":"Nothing was done, because it cannot be recorded: The disk is full."}}"""),
            await _host.SendAsync("POST", "/admin/workspaces/acme/pause"));
        await _acme.DidNotReceive().Pause(Arg.Any<string>());
    }

    [Fact]
    public async Task The_trail_is_read_page_by_page()
    {
        var id = Ulid.Parse("01JZ8Q4M5T3W9V7X2Y6ZABCDEF", System.Globalization.CultureInfo.InvariantCulture);
        _audit.Read(null, 1).Returns(ValueTask.FromResult<IReadOnlyList<AuditEntry>>([new AuditEntry(id, "ann", "POST /admin/x", "/admin/x", 200)]));
        _audit.Read(id, 1).Returns(ValueTask.FromResult<IReadOnlyList<AuditEntry>>([]));

        Assert.Equal(
            (HttpStatusCode.OK, """{"entries":[{"id":"01JZ8Q4M5T3W9V7X2Y6ZABCDEF","at":"TIME","caller":"ann","action":"POST /admin/x","selection":"/admin/x","status":200}],"next":"01JZ8Q4M5T3W9V7X2Y6ZABCDEF"}""".Replace("TIME", id.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)),
            await _host.SendAsync("GET", "/admin/audit?limit=1"));
        Assert.Equal((HttpStatusCode.OK, """{"entries":[],"next":null}"""), await _host.SendAsync("GET", $"/admin/audit?limit=1&after={id}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync("GET", "/admin/audit?limit=0")).Status);
    }
}
