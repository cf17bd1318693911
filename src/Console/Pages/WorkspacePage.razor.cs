using CioOrleans.Addressing;
using CioOrleans.Console.Live;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Components;

namespace CioOrleans.Console.Pages;

/// <summary>One workspace, live.</summary>
public partial class WorkspacePage
{
    private const int MaxReason = 500;
    private const double SlowedBelow = 0.99;

    private LiveWorkspace? _live;
    private Question _asked;
    private LimitClass _limitClass;
    private string _reason = "";
    private string? _done;

    private enum Question
    {
        None,
        Pause,
        Resume,
        EndThrottle,
    }

    /// <summary>The workspace's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private IGrainFactory Grains { get; set; } = null!;

    private DateTimeOffset Now => Time.GetUtcNow();

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (!Options.Workspaces.Contains(Name))
        {
            return ShowAsync([]);
        }

        if (_live == Live.Of(Name))
        {
            return Task.CompletedTask;
        }

        _live = Live.Of(Name);
        (_asked, _done) = (Question.None, null);
        return ShowAsync([_live]);
    }

    /// <summary>The groups that had requests lately; the first one if none had.</summary>
    private static IEnumerable<GroupSeries> Shown(SecondSeries series)
    {
        var used = series.Limits.Where(group => group.Requests.Any(count => count > 0)).ToList();
        return used.Count > 0 ? used : series.Limits.Take(1);
    }

    private static bool IsSlowed(LimitStatus limit, GroupSeries? group) => group is not null && limit.Rate < SlowedBelow * group.Permits / group.Window.TotalSeconds;

    private void Ask(LimitClass limitClass) => (_asked, _limitClass) = (Question.EndThrottle, limitClass);

    private void Close() => _asked = Question.None;

    private Task<string?> PauseAsync() => ChangeAsync(
        "POST /admin/workspaces/{workspace}/pause",
        "pause",
        "Delivery is paused.",
        workspace => workspace.Pause(_reason.Trim() is { Length: > 0 } reason ? reason : "paused by an operator"));

    private Task<string?> ResumeAsync() => ChangeAsync("POST /admin/workspaces/{workspace}/resume", "resume", "Delivery goes on.", workspace => workspace.Resume());

    private Task<string?> EndThrottleAsync() => ChangeAsync(
        "POST /admin/workspaces/{workspace}/limits/{class}/resume",
        $"limits/{_limitClass.ToName()}/resume",
        "The pause has ended.",
        async workspace =>
        {
            await workspace.EndThrottle(_limitClass);
            return ChangeResult.Stored.Instance;
        });

    private async Task<string?> ChangeAsync(string action, string verb, string done, Func<IWorkspaceGrain, ValueTask<ChangeResult>> change)
    {
        var selection = $"/admin/workspaces/{Name}/{verb}{(verb == "pause" && _reason.Length > 0 ? $" {_reason.Trim()}" : "")}";
        var problem = await Visitor.ChangeAsync(action, selection, async () => await change(Grains.GetWorkspace(Name)) is ChangeResult.Unavailable(var reason)
            ? $"The change could not be stored and would not survive a restart: {reason}. Try again."
            : null);
        _done = problem is null ? done : null;
        await _live!.ReadAsync();
        return problem;
    }
}
