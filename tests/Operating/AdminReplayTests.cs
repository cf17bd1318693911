using System.Net;
using CioOrleans.Calls;
using CioOrleans.History;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminReplayTests : IAsyncLifetime
{
    private const string Path = "/admin/workspaces/acme/history/replay";
    private const string Counts = "\"calls\":15,\"replayable\":1,\"withoutBody\":2,\"sends\":3,\"notDelivered\":4,\"refused\":5";

    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HistoryReplayCounts _counts = new(15, 1, 2, 3, 4, 5);
    private static readonly HistoryReplaySelection _selection = new(_noon, _noon.AddHours(1), "id:42", CallKind.Event, HistoryStatus.ServerError);
    private static readonly Ulid _id = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly HistoryReplayStatus _status = new(_id, _selection, HistoryReplayState.Running, _noon, _noon.AddMinutes(1), _counts);

    private readonly IHistoryReplayGrain _acme = Substitute.For<IHistoryReplayGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync("key");
        _host.Grains.GetGrain<IHistoryReplayGrain>("acme", Arg.Any<string?>()).Returns(_acme);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_dry_run_counts_part_by_part_and_starts_nothing()
    {
        _acme.Count(_selection, null).Returns(ValueTask.FromResult(new HistoryReplayCount(new HistoryReplayCounts(5, 1, 0, 0, 4, 0), _noon.AddMinutes(30))));
        _acme.Count(_selection, _noon.AddMinutes(30)).Returns(ValueTask.FromResult(new HistoryReplayCount(new HistoryReplayCounts(10, 0, 2, 3, 0, 5), null)));

        Assert.Equal(
            (HttpStatusCode.OK, $$"""{"from":"2026-08-01T12:00:00+00:00","to":"2026-08-01T13:00:00+00:00",{{Counts}}}"""),
            await _host.SendAsync("POST", $"{Path}?from=2026-08-01T12:00Z&to=2026-08-01T13:00Z&customer=42&kind=event&status=5xx&dryRun=true"));
        await _acme.DidNotReceiveWithAnyArgs().Start(default, default!);
    }

    [Fact]
    public async Task A_replay_is_started_unless_one_has_not_ended()
    {
        _acme.Start(Arg.Any<Ulid>(), _selection).Returns(call => ValueTask.FromResult(_status with { Id = call.Arg<Ulid>() }), _ => ValueTask.FromResult(_status));
        const string query = "?from=2026-08-01T12:00Z&to=2026-08-01T13:00Z&customer=42&kind=event&status=5xx";

        var (status, answer) = await _host.SendAsync("POST", Path + query);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"state\":\"running\",\"startedAt\":\"2026-08-01T12:00:00+00:00\",\"reached\":\"2026-08-01T12:01:00+00:00\"}", answer, StringComparison.Ordinal);
        Assert.Equal(
            (HttpStatusCode.Conflict, """{"meta":{"error":"The replay 01ARZ3NDEKTSV4RRFFQ69G5FAV has not ended. Wait for its end, or cancel it."}}"""),
            await _host.SendAsync("POST", Path + query));
    }

    [Theory]
    [InlineData("POST", "/pause", HistoryReplayState.Paused, "paused")]
    [InlineData("POST", "/resume", HistoryReplayState.Running, "running")]
    [InlineData("DELETE", "", HistoryReplayState.Cancelled, "cancelled")]
    public async Task A_replay_is_changed(string method, string path, HistoryReplayState wanted, string state)
    {
        _acme.Change(wanted).Returns(ValueTask.FromResult<HistoryReplayStatus?>(_status with { State = wanted }));

        var (status, answer) = await _host.SendAsync(method, Path + path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"\"id\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"state\":\"{state}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_replay_there_is_none_to_show() =>
        Assert.Equal((HttpStatusCode.NotFound, """{"meta":{"error":"There is no replay."}}"""), await _host.SendAsync("GET", Path));

    [Theory]
    [InlineData("", "Say which span: 'from' is a time before 'to'.")]
    [InlineData("?from=2026-08-01T13:00Z&to=2026-08-01T12:00Z", "Say which span: 'from' is a time before 'to'.")]
    [InlineData("?from=1h&sattus=5xx", "There is no 'sattus': from, to, customer, kind, status, dryRun, after.")]
    [InlineData("?from=1h&status=6xx", "There is no status '6xx': success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter, or a status (422).")]
    [InlineData("?from=1h&status=422", "A replay selects by a class of statuses: success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter.")]
    [InlineData("?from=1h&dryRun=1", "'dryRun' is true or false.")]
    public async Task A_span_that_cannot_be_is_a_400(string query, string error) =>
        Assert.Equal((HttpStatusCode.BadRequest, $$$"""{"meta":{"error":"{{{error}}}"}}"""), await _host.SendAsync("POST", Path + query));
}
