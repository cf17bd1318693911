using CioOrleans.Console.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CioOrleans.Console.Layout;

/// <summary>The frame of all pages. It leaves for the sign-in once the session has ended.</summary>
public partial class MainLayout
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);

    private ConsoleCaller? _caller;
    private bool _hasSession;
    private bool _isLive;
    private ITimer? _check;

    [Inject]
    private IConsoleAccess Access { get; set; } = null!;

    [Inject]
    private ConsoleOptions Options { get; set; } = null!;

    private string Here => new Uri(Navigation.Uri).AbsolutePath;

    /// <summary>The workspace in the address.</summary>
    private string? Workspace => Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0].Split('/') is ["w", { Length: > 0 } name, ..] ? Uri.UnescapeDataString(name) : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _caller = await Visitor.FindAsync();
        _hasSession = Access.NeedsKey;
        Navigation.LocationChanged += OnMoved;
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _isLive = true;
            StateHasChanged();
            _check = Time.CreateTimer(_ => InvokeAsync(CheckAsync), null, _every, _every);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Navigation.LocationChanged -= OnMoved;
        _check?.Dispose();
    }

    private void OnMoved(object? sender, LocationChangedEventArgs moved) => InvokeAsync(StateHasChanged);

    private async Task CheckAsync()
    {
        if (await Visitor.FindAsync() is null)
        {
            _check?.Dispose();
            Navigation.NavigateTo(Navigation.Uri, forceLoad: true);
        }
    }
}
