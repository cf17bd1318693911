using CioOrleans.Console.Live;
using Microsoft.AspNetCore.Components;

namespace CioOrleans.Console.Layout;

/// <summary>A page that is drawn again with each reading of some workspaces.</summary>
public abstract class LivePage : ConsolePage
{
    private readonly List<IDisposable> _watches = [];
    private IReadOnlyList<LiveWorkspace> _shown = [];
    private bool _isInteractive;

    [Inject]
    internal LiveWorkspaces Live { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _isInteractive = true;
            Watch();
        }
    }

    /// <summary>Shows these workspaces from now on.</summary>
    internal async Task ShowAsync(IReadOnlyList<LiveWorkspace> workspaces)
    {
        Unwatch();
        _shown = workspaces;
        await Task.WhenAll(workspaces.Select(workspace => workspace.ReadAsync(2 * LiveWorkspace.Every)));

        if (_isInteractive)
        {
            Watch();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isInteractive = false;
        Unwatch();
    }

    private void Watch()
    {
        if (_watches.Count == 0)
        {
            _watches.AddRange(_shown.Select(workspace => workspace.Watch(() => InvokeAsync(StateHasChanged))));
        }
    }

    private void Unwatch()
    {
        _watches.ForEach(watch => watch.Dispose());
        _watches.Clear();
    }
}
