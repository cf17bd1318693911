using System.Globalization;
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
    private (HeldCustomer Customer, bool IsReplay)? _askedHeld;
    private HeldCustomerPage? _held;
    private string? _customer;
    private Preview? _preview;

    /// <summary>The workspace's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>Only those of this cause.</summary>
    [SupplyParameterFromQuery]
    public string? Cause { get; set; }

    /// <summary>Only those of this customer.</summary>
    [SupplyParameterFromQuery]
    public string? Customer { get; set; }

    /// <summary>Where the page of held customers begins.</summary>
    [SupplyParameterFromQuery]
    public string? Held { get; set; }

    /// <summary>Where the page begins.</summary>
    [SupplyParameterFromQuery]
    public string? After { get; set; }

    [Inject]
    private DeadLetterSettler Settler { get; set; } = null!;

    private DeadLetterSelection Selection => new() { Cause = _cause, Customer = _customer };

    private string Address => $"w/{Uri.EscapeDataString(Name)}/dead-letters";

    private IDeadLetterGrain Letters => Grains.GetGrain<IDeadLetterGrain>(Name);

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        _wrong = Options.Workspaces.Contains(Name) ? null : "There is no workspace of this name.";
        if (_wrong is null)
        {
            _cause = long.TryParse(Cause, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cause) ? cause : null;
            _customer = Customer is { Length: > 0 } customer ? CustomerName.ToKey(customer) : null;
            _causes = await Letters.ReadCauses(MaxCauses);
            _held = await Letters.ReadHeld(Held, PageSize);
            _page = await Letters.Select(Selection, Ulid.TryParse(After, out var after) ? after : null, PageSize);
        }
    }

    /// <summary>Counts what a change would settle, and asks for a confirmation. What becomes a dead letter from now on is not in the preview, and is left alone.</summary>
    private async Task PreviewAsync(bool isReplay)
    {
        var selection = Selection with { To = Time.GetUtcNow() };
        try
        {
            _preview = new Preview(selection, await Letters.Count(selection), isReplay);
        }
        catch (Exception exception) when (GrainFailures.IsOfGrain(exception))
        {
            _done = "The silos do not answer at the moment. Nothing was done.";
        }
    }

    private async Task<string?> SettleAsync(Preview preview)
    {
        var query = $"?{(_cause is { } cause ? $"cause={cause.ToString("x16", CultureInfo.InvariantCulture)}&" : "")}{(_customer is { } customer ? $"customer={Uri.EscapeDataString(customer)}&" : "")}{(_cause is null && _customer is null ? "all=true&" : "")}to={preview.Selection.To:O}";
        var (method, verb) = preview.IsReplay ? ("POST", "/replay") : ("DELETE", "");
        var settled = new SettledLetters(0, 0, 0, null, null);
        var problem = await Visitor.ChangeAsync(
            $"{method} /admin/workspaces/{{workspace}}/dead-letters{verb}",
            $"/admin/workspaces/{Name}/dead-letters{verb}{query}",
            async () =>
            {
                Ulid? after = null;
                do
                {
                    var slice = preview.IsReplay ? await Settler.ReplayAsync(Name, preview.Selection, after) : await Settler.DiscardAsync(Name, preview.Selection, after);
                    settled = slice with { Done = settled.Done + slice.Done };
                    after = slice.Next;
                }
                while (after is not null && settled.Problem is null);
                return settled.Problem;
            });
        _done = problem is null ? $"{settled.Done} {(preview.IsReplay ? "wait again." : "are discarded.")}" : null;
        await RefreshAsync();
        return problem;
    }

    private async Task<string?> SettleOneAsync(Ulid id, bool isReplay)
    {
        var problem = await Visitor.SettleAsync(Name, id, isReplay);
        _done = problem is not null ? null : isReplay ? "The call waits again." : "The call is discarded.";
        await RefreshAsync();
        return problem;
    }

    private sealed record Preview(DeadLetterSelection Selection, DeadLetterCount Count, bool IsReplay);
}
