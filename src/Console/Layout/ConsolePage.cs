using CioOrleans.Console.Access;
using Microsoft.AspNetCore.Components;

namespace CioOrleans.Console.Layout;

/// <summary>What every page of the console has.</summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    [Inject]
    internal Visitor Visitor { get; set; } = null!;

    /// <summary>The configuration.</summary>
    [Inject]
    protected ConsoleOptions Options { get; set; } = null!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    protected ConsoleCaller? Caller { get; set; }

    /// <summary>Whether the person may change something.</summary>
    protected bool MayOperate => Caller is { MayOperate: true };

    /// <summary>Whether what tells of persons is hidden from the person who looks.</summary>
    protected bool IsMasked => Options.MaskPersonData && !MayOperate;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the page does by itself.</summary>
    protected abstract void Dispose(bool disposing);
}
