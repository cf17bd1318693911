using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.History;

namespace CioOrleans.Grains.Replays;

/// <summary>The stored state of a replay.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Selection">What it replays.</param>
/// <param name="State">Its state.</param>
/// <param name="StartedAt">When it was started (UTC).</param>
/// <param name="Reached">All of the span before this time is replayed.</param>
/// <param name="Counts">What became of the calls before <paramref name="Reached"/>.</param>
internal sealed record ReplayRecord(
    string Id, HistoryReplaySelection Selection, HistoryReplayState State, DateTimeOffset StartedAt, DateTimeOffset Reached, HistoryReplayCounts Counts)
{
    /// <summary>Whether it has not ended.</summary>
    [JsonIgnore]
    public bool IsOpen => State is HistoryReplayState.Running or HistoryReplayState.Paused;

    public static ReplayRecord Start(Ulid id, HistoryReplaySelection selection, DateTimeOffset now) =>
        new(id.ToString(), selection, HistoryReplayState.Running, now, selection.From, default);

    /// <summary>The record after a change by an operator. One that has ended stays as it is.</summary>
    public ReplayRecord With(HistoryReplayState wanted) => IsOpen && wanted != HistoryReplayState.Done ? this with { State = wanted } : this;

    /// <summary>The record after a slice. An operator may have paused or cancelled it meanwhile.</summary>
    public ReplayRecord After(DateTimeOffset reached, HistoryReplayCounts slice) => this with
    {
        Reached = reached,
        Counts = Counts + slice,
        State = IsOpen && reached >= Selection.To ? HistoryReplayState.Done : State,
    };

    public HistoryReplayStatus ToStatus(string? problem) => new(Ulid.Parse(Id), Selection, State, StartedAt, Reached, Counts, problem);

    public string ToJson() => JsonSerializer.Serialize(this, ReplayRecordJson.Default.ReplayRecord);

    public static ReplayRecord? FromJson(string json) => JsonSerializer.Deserialize(json, ReplayRecordJson.Default.ReplayRecord);
}

[JsonSerializable(typeof(ReplayRecord))]
internal sealed partial class ReplayRecordJson : JsonSerializerContext;
