using CioOrleans.Addressing;
using CioOrleans.Client.Operating;
using CioOrleans.Workspaces;

namespace CioOrleans.Console.Live;

/// <summary>
/// One workspace's live data. Its owner is asked once a second while somebody looks, however many people look, and never otherwise. Safe for use from all threads.
/// </summary>
internal sealed partial class LiveWorkspace(string name, IGrainFactory grains, TimeProvider time, ILogger<LiveWorkspaces> logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>The latest seconds are asked for again, because they are not complete until the next count of waiting calls.</summary>
    private const int Repeated = 30;

    private readonly Lock _lock = new();
    private readonly List<Action> _watchers = [];
    private WorkspaceView? _view;
    private Task<WorkspaceView>? _reading;
    private bool _isPolling;

    /// <summary>The latest data; null before the first.</summary>
    public WorkspaceView? View
    {
        get
        {
            lock (_lock)
            {
                return _view;
            }
        }
    }

    /// <summary>Calls <paramref name="onChange"/> after each reading until the result is disposed.</summary>
    public IDisposable Watch(Action onChange)
    {
        lock (_lock)
        {
            _watchers.Add(onChange);
            if (!_isPolling)
            {
                _isPolling = true;
                _ = Task.Run(PollAsync);
            }
        }

        return new Watcher(this, onChange);
    }

    /// <summary>Reads the data. Never throws: the view says what is wrong.</summary>
    /// <param name="maxAge">Data that is not older is taken as it is.</param>
    public Task<WorkspaceView> ReadAsync(TimeSpan maxAge = default)
    {
        lock (_lock)
        {
            if (_reading is { IsCompleted: false })
            {
                return _reading;
            }

            if (_view is { } view && time.GetElapsedTime(view.ReadAt) < maxAge)
            {
                return Task.FromResult(view);
            }

            return _reading = Task.Run(() => AskAsync(_view));
        }
    }

    private async Task<WorkspaceView> AskAsync(WorkspaceView? before)
    {
        WorkspaceView view;
        try
        {
            var activity = await grains.GetWorkspace(name).GetActivity(Math.Max(0, (before?.Series?.End ?? 0) - Repeated));
            var isSameOwner = before?.Activity is { } old && old.Status.Epoch == activity.Status.Epoch;
            view = new WorkspaceView(name, activity, SecondSeries.Join(isSameOwner ? before!.Series : null, activity.Series), null, time.GetTimestamp());
        }
        catch (Exception exception)
        {
            // Whatever happened: the next question may be answered.
            if (!GrainFailures.IsOfGrain(exception))
            {
                LogFailed(logger, name, exception);
            }

            view = new WorkspaceView(name, before?.Activity, before?.Series, "The workspace's owner does not answer at the moment.", time.GetTimestamp());
        }

        lock (_lock)
        {
            _view = view;
        }

        return view;
    }

    private async Task PollAsync()
    {
        Action[] watchers;
        do
        {
            await ReadAsync();
            lock (_lock)
            {
                watchers = [.. _watchers];
            }

            foreach (var watcher in watchers)
            {
                watcher();
            }

            await Task.Delay(Every, time);
            lock (_lock)
            {
                _isPolling = _watchers.Count > 0;
                if (!_isPolling)
                {
                    return;
                }
            }
        }
        while (true);
    }

    private void Remove(Action watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }

    private sealed class Watcher(LiveWorkspace live, Action watcher) : IDisposable
    {
        public void Dispose() => live.Remove(watcher);
    }
}

/// <summary>What is known of a workspace.</summary>
/// <param name="Name">The workspace's name.</param>
/// <param name="Activity">The last answer of its owner; null before the first.</param>
/// <param name="Series">The last quarter of an hour; null before the first answer.</param>
/// <param name="Problem">Why the owner did not answer the last question; null if it did.</param>
/// <param name="ReadAt">When it was asked, by the monotonic clock.</param>
public sealed record WorkspaceView(string Name, WorkspaceActivity? Activity, SecondSeries? Series, string? Problem, long ReadAt)
{
    public WorkspaceStatus? Status => Activity?.Status;

    /// <summary>One word for the state.</summary>
    public string State => (Status, Problem) switch
    {
        (null, null) => "loading",
        (_, not null) => "no answer",
        ({ IsPaused: true, Hosts: { } hosts }, _) when hosts.Any(host => host.State == HostState.Misconfigured) => "wrong settings",
        ({ IsPaused: true, Hosts: { } hosts }, _) when hosts.Any(host => host.State == HostState.Outage) => "outage",
        ({ IsPaused: true }, _) => "paused",
        ({ Limits: var limits }, _) when limits.Any(limit => limit.PausedUntil is not null) => "throttled",
        _ => "delivering",
    };

    /// <summary>Why the state is not normal; null if it is.</summary>
    public string? Reason => Problem ?? Status?.PauseReason ?? (State == "throttled" ? "Customer.io answered 429" : null);
}
