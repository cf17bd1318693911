using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Scheduling;

/// <summary>What an operator sees of the last minutes.</summary>
public sealed partial class WorkspaceScheduler
{
    private readonly ActivityRecord _activity;

    /// <summary>The waiting calls of the workspace were counted.</summary>
    public void OnCounted(long queued) => _activity.OnCounted(queued, Now);

    /// <summary>What the workspace did in each second since <paramref name="since"/> (since 1970), for a quarter of an hour at most.</summary>
    public ActivitySeries ReadActivity(long since) => _activity.Read(since, Now);

    /// <summary>Ends the pause of a class's limit group after a 429. A lower rate stays until it has climbed back.</summary>
    public void EndThrottle(LimitClass limitClass) => _queueOfClass[(int)limitClass].Limit.Resume();
}
