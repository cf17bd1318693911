using CioOrleans.Calls;
using CioOrleans.Operating;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Components;

namespace CioOrleans.Console.Pages;

/// <summary>The stored sends of a workspace.</summary>
public partial class SendsPage
{
    private const int PageSize = 50;

    private WaitingSends? _waiting;
    private SendList? _answered;
    private SelectedDeadLetterPage? _letters;
    private string? _wrong;
    private string? _done;
    private (SelectedDeadLetter Letter, bool IsReplay)? _asked;

    /// <summary>The workspace's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>Where the page of answered sends begins.</summary>
    [SupplyParameterFromQuery]
    public string? After { get; set; }

    /// <inheritdoc/>
    protected override bool IsLive => true;

    private IDeadLetterGrain Letters => Grains.GetGrain<IDeadLetterGrain>(Name);

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        _wrong = Options.Workspaces.Contains(Name) ? null : "There is no workspace of this name.";
        if (_wrong is not null)
        {
            return;
        }

        var lists = Grains.GetGrain<IListGrain>(Name);
        var waiting = lists.ReadWaitingSends(PageSize).AsTask();
        var answered = lists.ReadAnsweredSends(Ulid.TryParse(After, out var before) ? before : null, PageSize).AsTask();
        var letters = Letters.Select(new DeadLetterSelection { Kind = CallKind.Send }, null, PageSize).AsTask();
        await Task.WhenAll(waiting, answered, letters);
        (_waiting, _answered, _letters) = (await waiting, await answered, await letters);
    }

    private async Task<string?> SettleAsync(SelectedDeadLetter letter, bool isReplay)
    {
        var problem = await Visitor.SettleAsync(Name, letter.Id, isReplay);
        _done = problem is not null ? null : isReplay ? "The message waits again." : "The message is discarded.";
        await RefreshAsync();
        return problem;
    }
}
