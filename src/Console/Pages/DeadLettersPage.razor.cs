using System.Globalization;
using CioOrleans.Client;
using CioOrleans.Client.Operating;
using CioOrleans.Customers;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Components;

namespace CioOrleans.Console.Pages;

/// <summary>The dead letters of a workspace.</summary>
public partial class DeadLettersPage
{
    private const int PageSize = 50;
    private const int MaxCauses = 50;

    private DeadLetterCauses? _causes;
    private SelectedDeadLetterPage? _page;
    private long? _cause;
    private string? _wrong;
    private string? _done;
    private (SelectedDeadLetter Letter, bool IsReplay)? _asked;

    /// <summary>The workspace's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>Only those of this cause.</summary>
    [SupplyParameterFromQuery]
    public string? Cause { get; set; }

    /// <summary>Where the page begins.</summary>
    [SupplyParameterFromQuery]
    public string? After { get; set; }

    [Inject]
    private AcceptDeadlines Deadlines { get; set; } = null!;

    private string Address => $"w/{Uri.EscapeDataString(Name)}/dead-letters";

    private IDeadLetterGrain Letters => Grains.GetGrain<IDeadLetterGrain>(Name);

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        _wrong = Options.Workspaces.Contains(Name) ? null : "There is no workspace of this name.";
        if (_wrong is null)
        {
            _cause = long.TryParse(Cause, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cause) ? cause : null;
            _causes = await Letters.ReadCauses(MaxCauses);
            _page = await Letters.Select(new DeadLetterSelection { Cause = _cause }, Ulid.TryParse(After, out var after) ? after : null, PageSize);
        }
    }

    private Task<string?> ReplayAsync(Ulid id) => ChangeAsync("POST", "/replay", id, "The call waits again.", async () => await DeadLetterReplay.RunAsync(Grains, Deadlines, Name, id) switch
    {
        ReplayResult.Absent => "It is no dead letter any more.",
        ReplayResult.Unavailable unavailable => unavailable.Reason,
        _ => null,
    });

    private Task<string?> DiscardAsync(Ulid id) =>
        ChangeAsync("DELETE", "", id, "The call is discarded.", async () => await Letters.Discard(id) ? null : "It is no dead letter any more.");

    private async Task<string?> ChangeAsync(string method, string verb, Ulid id, string done, Func<Task<string?>> change)
    {
        var problem = await Visitor.ChangeAsync($"{method} /admin/workspaces/{{workspace}}/dead-letters/{{id}}{verb}", $"/admin/workspaces/{Name}/dead-letters/{id}{verb}", change);
        _done = problem is null ? done : null;
        await RefreshAsync();
        return problem;
    }
}
