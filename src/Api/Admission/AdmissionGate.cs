using System.Collections.Frozen;
using CioOrleans.Addressing;
using CioOrleans.BackPressure;
using CioOrleans.Calls;
using CioOrleans.Client.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Customers;

namespace CioOrleans.Api.Admission;

/// <summary>
/// Refuses calls while a workspace is too full. The gate reads each workspace's load once a second, whether calls arrive or not: a caller that comes rarely
/// is judged by the present load too. While it has no recent answer, it refuses nothing. It does nothing for a workspace without back-pressure settings.
/// </summary>
public sealed class AdmissionGate : IDisposable
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    /// <summary>An older answer refuses no call.</summary>
    private static readonly TimeSpan _validFor = TimeSpan.FromSeconds(5);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, Watched> _workspaces;
    private readonly ITimer? _timer;

    public AdmissionGate(IGrainFactory grains, IEnumerable<WorkspaceSettings> workspaces, TimeProvider time)
    {
        _grains = grains;
        _time = time;
        _workspaces = workspaces.Where(workspace => workspace.BackPressure.IsOn)
            .ToFrozenDictionary(workspace => workspace.Name, workspace => new Watched(workspace), StringComparer.Ordinal);
        if (_workspaces.Count > 0)
        {
            AskAll();
            _timer = time.CreateTimer(static gate => ((AdmissionGate)gate!).AskAll(), this, _every, _every);
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Why a call is refused now; null if it is not.</summary>
    public AcceptResult.Unavailable? Refuses(string workspace, Call call) =>
        _workspaces.Count == 0 || !_workspaces.TryGetValue(workspace, out var watched) ? null : Refuses(watched, AdmissionRule.RankOf(call));

    /// <summary>Why calls of a rank are refused now; null if they are not.</summary>
    public AcceptResult.Unavailable? Refuses(string workspace, AdmissionRank rank) =>
        _workspaces.TryGetValue(workspace, out var watched) ? Refuses(watched, rank) : null;

    private AcceptResult.Unavailable? Refuses(Watched watched, AdmissionRank rank)
    {
        return watched.Pressure is { } pressure && _time.GetElapsedTime(Volatile.Read(ref watched.AskedAt)) < _validFor
            && AdmissionRule.Judge(watched.Settings.BackPressure, pressure, rank) is Client.BackPressure.Admission.Full full
            ? new AcceptResult.Unavailable(full.Reason, full.RetryAfter) { IsOverload = true }
            : null;
    }

    private void AskAll()
    {
        foreach (var watched in _workspaces.Values)
        {
            if (Interlocked.Exchange(ref watched.IsAsking, 1) == 0)
            {
                _ = AskAsync(watched);
            }
        }
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
            // The timer asks again. The last answer expires after _validFor.
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
