using System.Collections.Frozen;
using CioOrleans.BackPressure;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains;

namespace CioOrleans.Api.Admission;

/// <summary>
/// Turns calls away where a workspace is too full. It asks the workspace about once a second, beside the calls and only while there are
/// some; where it cannot ask, it lets calls in. Where nothing is configured it costs a look at an empty table.
/// </summary>
public sealed class AdmissionGate
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    /// <summary>What was measured longer ago turns nobody away.</summary>
    private static readonly TimeSpan _validFor = TimeSpan.FromSeconds(5);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, Watched> _workspaces;

    public AdmissionGate(IGrainFactory grains, IEnumerable<WorkspaceSettings> workspaces, TimeProvider time)
    {
        _grains = grains;
        _time = time;
        _workspaces = workspaces.Where(workspace => workspace.BackPressure.IsOn)
            .ToFrozenDictionary(workspace => workspace.Name, workspace => new Watched(workspace), StringComparer.Ordinal);
    }

    /// <summary>Why a call is not taken now; null where it is.</summary>
    public AcceptResult.Unavailable? Refuses(string workspace, Call call) =>
        _workspaces.Count == 0 || !_workspaces.TryGetValue(workspace, out var watched) ? null : Refuses(watched, AdmissionRule.RankOf(call));

    /// <summary>Why no call of a rank is taken now; null where they are.</summary>
    public AcceptResult.Unavailable? Refuses(string workspace, AdmissionRank rank) =>
        _workspaces.TryGetValue(workspace, out var watched) ? Refuses(watched, rank) : null;

    private AcceptResult.Unavailable? Refuses(Watched watched, AdmissionRank rank)
    {
        var age = _time.GetElapsedTime(Volatile.Read(ref watched.AskedAt));
        if ((watched.AskedAt == 0 || age >= _every) && Interlocked.Exchange(ref watched.IsAsking, 1) == 0)
        {
            _ = AskAsync(watched);
        }

        return watched.Pressure is { } pressure && age < _validFor
            && AdmissionRule.Judge(watched.Settings.BackPressure, pressure, rank) is BackPressure.Admission.Full full
            ? new AcceptResult.Unavailable(full.Reason, full.RetryAfter) { IsOverload = true }
            : null;
    }

    private async Task AskAsync(Watched watched)
    {
        try
        {
            watched.Pressure = await _grains.GetWorkspace(watched.Settings.Name).GetPressure();
            Volatile.Write(ref watched.AskedAt, _time.GetTimestamp());
        }
        catch (Exception)
        {
            // It is asked again with the next call; what it said last is soon too old to turn anybody away.
        }
        finally
        {
            Volatile.Write(ref watched.IsAsking, 0);
        }
    }

    private sealed class Watched(WorkspaceSettings settings)
    {
        public long AskedAt;
        public int IsAsking;
        private volatile WorkspacePressure? _pressure;

        public WorkspaceSettings Settings => settings;

        public WorkspacePressure? Pressure
        {
            get => _pressure;
            set => _pressure = value;
        }
    }
}
