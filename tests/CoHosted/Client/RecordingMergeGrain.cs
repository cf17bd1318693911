using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>Records merges.</summary>
public sealed class RecordingMergeGrain : Grain, IMergeGrain
{
    private readonly Recorder _recorder;

    public RecordingMergeGrain(Recorder recorder)
    {
        _recorder = recorder;
        Recorder.Activate(this.GetPrimaryKeyString());
    }

    public ValueTask<AcceptResult> Accept(string primary, Call merge, AcceptDeadline deadline)
    {
        var workspace = this.GetPrimaryKeyString();
        return _recorder.Accept($"merge {workspace}/{primary}", workspace, merge, deadline);
    }

    public ValueTask<ReplayResult> Replay(string primary, Call merge, AcceptDeadline deadline) => throw new NotSupportedException();
}
