using System.Text.Json.Serialization;
using CioOrleans.Client.Operating;
using CioOrleans.History;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Replays a span of the history of a workspace.</summary>
internal sealed class AdminReplays(IGrainFactory grains, TimeProvider time)
{
    /// <summary>The parameters that select calls. An unknown one is refused.</summary>
    public static IReadOnlyList<AdminParameter> Filter { get; } =
    [
        new("from", JsonSchemaType.String, $"The begin of the span: {AdminTime.Form}."),
        new("to", JsonSchemaType.String, $"The end of the span: {AdminTime.Form} (default: now)."),
        new("customer", JsonSchemaType.String, "Of one customer."),
        new("kind", JsonSchemaType.String, "Of one kind of call, such as event or identify."),
        new("status", JsonSchemaType.String, $"With a row of this status in the span: {AdminStatus.ClassForm}."),
        new("dryRun", JsonSchemaType.Boolean, "Whether the calls are only counted (default: false)."),
        new("after", JsonSchemaType.String, "Of a dry run: the 'next' of the answer before."),
    ];

    /// <summary>The latest replay.</summary>
    public async Task<IResult> Get(string workspace) => Answer(await Replays(workspace).GetStatus());

    public Task<IResult> Pause(string workspace) => ChangeAsync(workspace, HistoryReplayState.Paused);

    public Task<IResult> Resume(string workspace) => ChangeAsync(workspace, HistoryReplayState.Running);

    public Task<IResult> Cancel(string workspace) => ChangeAsync(workspace, HistoryReplayState.Cancelled);

    /// <summary>Starts a replay, or counts what it would replay.</summary>
    public Task<IResult> Start(string workspace, HttpRequest request) => AdminAnswer.StoringAsync(async () =>
    {
        if (ReadSelection(request, out var selection, out var after, out var isPreview) is { } refusal)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
        }

        if (isPreview)
        {
            return await CountAsync(workspace, selection, after);
        }

        var id = Ulid.NewUlid(time.GetUtcNow());
        var latest = await Replays(workspace).Start(id, selection);
        return latest.Id == id ? Answer(latest) : AdminAnswer.Error(StatusCodes.Status409Conflict, $"The replay {latest.Id} has not ended. Wait for its end, or cancel it.");
    });

    private async Task<IResult> CountAsync(string workspace, HistoryReplaySelection selection, DateTimeOffset? after)
    {
        var counted = await new OperatorPatience(time).RepeatAsync(
            new HistoryReplayCount(default, after),
            async total =>
            {
                var part = await Replays(workspace).Count(selection, total.Next);
                return part with { Counts = total.Counts + part.Counts };
            },
            total => total.Next is null);
        return AdminAnswer.Ok(ReplayAnswer.Of(selection, counted.Counts, counted.Next), AdminJson.Readable.ReplayAnswer);
    }

    private Task<IResult> ChangeAsync(string workspace, HistoryReplayState wanted) => AdminAnswer.StoringAsync(async () => Answer(await Replays(workspace).Change(wanted)));

    private static IResult Answer(HistoryReplayStatus? status) => status is null
        ? AdminAnswer.Error(StatusCodes.Status404NotFound, "There is no replay.")
        : AdminAnswer.Ok(ReplayAnswer.Of(status), AdminJson.Readable.ReplayAnswer);

    private string? ReadSelection(HttpRequest request, out HistoryReplaySelection selection, out DateTimeOffset? after, out bool isPreview)
    {
        (selection, after, isPreview) = (new HistoryReplaySelection(default, default), null, false);
        if (request.RefuseUnknown(Filter) is { } unknown)
        {
            return unknown;
        }

        if (request.ReadFlag("dryRun", out isPreview) is { } noFlag)
        {
            return noFlag;
        }

        if (request.ReadKind(out var kind) is { } noKind)
        {
            return noKind;
        }

        if (!request.TryReadTime("from", time, out var from, out var refusal) || !request.TryReadTime("to", time, out var to, out refusal) || !request.TryReadTime("after", time, out after, out refusal))
        {
            return refusal;
        }

        if (AdminStatus.Read(request, out var status) is { } noStatus)
        {
            return noStatus;
        }

        if (status is { Class: null, From: not null } or { IsSingle: true })
        {
            return $"A replay selects by a class of statuses: {AdminStatus.ClassForm}.";
        }

        // What is replayed from now on must not be replayed again.
        var now = time.GetUtcNow();
        var end = to is { } given && given < now ? given : now;
        if (from is not { } begin || begin >= end)
        {
            return "Say which span: 'from' is a time before 'to'.";
        }

        selection = new HistoryReplaySelection(begin, end, request.Text("customer") is { } customer ? CustomerName.ToKey(customer) : null, kind, status.Class);
        return null;
    }

    private IHistoryReplayGrain Replays(string workspace) => grains.GetGrain<IHistoryReplayGrain>(workspace);
}

/// <summary>A replay of a span of the history, or what it would replay.</summary>
/// <param name="From">The begin of the span.</param>
/// <param name="To">Its end.</param>
/// <param name="Calls">Calls that the selection matches.</param>
/// <param name="Replayable">Calls that were accepted again; of a dry run: that can be.</param>
/// <param name="WithoutBody">Calls that are left out because what was sent is not kept.</param>
/// <param name="Sends">Messages, which are left out because Customer.io cannot recognise a repeat.</param>
/// <param name="NotDelivered">Calls that are left out because Customer.io has not taken them: they wait, are dead letters, or were discarded.</param>
/// <param name="Refused">Calls that this version does not accept any more.</param>
internal sealed record ReplayAnswer(DateTimeOffset From, DateTimeOffset To, long Calls, long Replayable, long WithoutBody, long Sends, long NotDelivered, long Refused)
{
    /// <summary>The id of the replay. The import with this id says how many of its calls are delivered. Left out for a dry run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary><c>running</c>, <c>paused</c>, <c>cancelled</c> or <c>done</c>. Left out for a dry run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>All of the span before this time is replayed. Left out for a dry run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Reached { get; init; }

    /// <summary>Why the replay does not get on now. Left out if it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <summary>Of a dry run: the value of <c>after</c> with which the same request counts on. Left out if everything is counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Next { get; init; }

    public static ReplayAnswer Of(HistoryReplayStatus status) => Of(status.Selection, status.Counts, next: null) with
    {
        Id = status.Id.ToString(),
        State = HistoryAnswer.Name(status.State),
        StartedAt = status.StartedAt,
        Reached = status.Reached,
        Problem = status.Problem,
    };

    public static ReplayAnswer Of(HistoryReplaySelection selection, HistoryReplayCounts counts, DateTimeOffset? next) =>
        new(selection.From, selection.To, counts.Calls, counts.Replayable, counts.WithoutBody, counts.Sends, counts.NotDelivered, counts.Refused) { Next = next };
}
