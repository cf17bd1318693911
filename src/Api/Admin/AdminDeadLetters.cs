using CioOrleans.Client.Operating;
using CioOrleans.Workspaces;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Shows the dead letters of a workspace by cause, and replays or discards those that a selection matches.</summary>
internal sealed partial class AdminDeadLetters(IGrainFactory grains, DeadLetterSettler settler, TimeProvider time, ILogger<AdminDeadLetters> logger)
{
    private const int Examples = 5;
    private const int DefaultCauses = 100;

    /// <summary>The parameters of the list of causes, for the admin document.</summary>
    public static IReadOnlyList<AdminParameter> Causes { get; } =
        [new("limit", JsonSchemaType.Integer, $"The most causes, the most frequent first; 1 to {AdminPage.Max} (default: {DefaultCauses}).")];

    /// <summary>The parameters that select dead letters. An unknown one is refused.</summary>
    public static IReadOnlyList<AdminParameter> Filter { get; } =
    [
        new("cause", JsonSchemaType.String, "A cause, as GET …/dead-letters/causes names it."),
        new("kind", JsonSchemaType.String, "A kind of call, such as event or identify."),
        new("status", JsonSchemaType.String, $"What Customer.io answered: {AdminStatus.Form}."),
        new("customer", JsonSchemaType.String, "A customer, as GET …/customers/{customer} names it."),
        new("from", JsonSchemaType.String, $"They became dead letters at this time or later: {AdminTime.Form}."),
        new("to", JsonSchemaType.String, $"They became dead letters before this time: {AdminTime.Form} (default: now)."),
        new("all", JsonSchemaType.Boolean, "Whether all dead letters of the workspace are meant if nothing else selects them (default: false)."),
        new("after", JsonSchemaType.String, "The 'next' of the answer before, where that was not complete."),
        new("dryRun", JsonSchemaType.Boolean, "Whether the dead letters are only counted (default: false)."),
    ];

    /// <summary>The dead letters by kind of call and cause.</summary>
    public async Task<IResult> GetCauses(string workspace, HttpRequest request)
    {
        if (!AdminPage.TryReadLimit(request, DefaultCauses, out var limit, out var error))
        {
            return error;
        }

        return await AdminAnswer.StoringAsync(async () =>
            AdminAnswer.Ok(DeadLetterCauseList.Of(await Letters(workspace).ReadCauses(limit)), AdminJson.Readable.DeadLetterCauseList));
    }

    /// <summary>The customers whose queues a dead letter holds.</summary>
    public async Task<IResult> GetHeld(string workspace, HttpRequest request) =>
        AdminPage.TryReadLimit(request, AdminPage.Default, out var limit, out var error)
            ? AdminAnswer.Ok(HeldCustomerList.Of(await Letters(workspace).ReadHeld(request.Text("after"), limit)), AdminJson.Readable.HeldCustomerList)
            : error;

    /// <summary>Puts the dead letters that match at the ends of their customers' queues, the oldest call first.</summary>
    public Task<IResult> Replay(string workspace, HttpRequest request) => SettleAsync(workspace, request, settler.ReplayAsync);

    /// <summary>Discards the dead letters that match, for good.</summary>
    public Task<IResult> Discard(string workspace, HttpRequest request) => SettleAsync(workspace, request, settler.DiscardAsync);

    private Task<IResult> SettleAsync(string workspace, HttpRequest request, Func<string, DeadLetterSelection, Ulid?, Task<SettledLetters>> settle) =>
        AdminAnswer.StoringAsync(async () =>
        {
            if (ReadFilter(request, out var selection, out var after, out var isPreview) is { } refusal)
            {
                return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
            }

            var answer = new DeadLettersAnswer(workspace, isPreview, 0, 0, 0, IsComplete: true) { To = selection.To };
            if (isPreview)
            {
                var letters = Letters(workspace);
                var count = await letters.Count(selection);
                var examples = await letters.Select(selection, after, Examples);
                return Done(answer with
                {
                    Matched = count.Matched,
                    OutcomeUnknown = count.OutcomeUnknown,
                    IsComplete = count.IsComplete,
                    Examples = [.. examples.DeadLetters.Select(DeadLetterExample.Of)],
                });
            }

            var settled = await settle(workspace, selection, after);
            return Done(answer with
            {
                Matched = settled.Matched,
                Done = settled.Done,
                OutcomeUnknown = settled.OutcomeUnknown,
                IsComplete = settled.Next is null,
                Next = settled.Next?.ToString(),
                Problem = settled.Problem,
            });
        });

    private IResult Done(DeadLettersAnswer answer)
    {
        if (answer.Done > 0)
        {
            LogSettled(answer.Workspace, answer.Done, answer.Matched);
        }

        return AdminAnswer.Ok(answer, AdminJson.Readable.DeadLettersAnswer);
    }

    /// <summary>Reads the selection from the query. Returns what is wrong with it, or null. An unknown parameter is refused, because a misspelt one must not select everything.</summary>
    private string? ReadFilter(HttpRequest request, out DeadLetterSelection selection, out Ulid? after, out bool isPreview)
    {
        (selection, after, isPreview) = (new DeadLetterSelection(), null, false);
        if (request.RefuseUnknown(Filter) is { } unknown)
        {
            return unknown;
        }

        if (request.ReadFlag("dryRun", out isPreview) is { } noDryRun)
        {
            return noDryRun;
        }

        if (request.ReadFlag("all", out var all) is { } noAll)
        {
            return noAll;
        }

        if (request.ReadKind(out var kind) is { } noKind)
        {
            return noKind;
        }

        if (AdminStatus.Read(request, out var status) is { } noStatus)
        {
            return noStatus;
        }

        if (!request.TryReadTime("from", time, out var diedFrom, out var refusal) || !request.TryReadTime("to", time, out var diedTo, out refusal))
        {
            return refusal;
        }

        long? cause = null;
        if (request.Text("cause") is { } causeText)
        {
            if (!DeadLetterCauseAnswer.TryParse(causeText, out var known))
            {
                return $"There is no cause '{causeText}': GET …/dead-letters/causes lists them.";
            }

            cause = known;
        }

        if (request.ReadId("after", out after) is not null)
        {
            return "'after' is the 'next' of the answer before.";
        }

        selection = new DeadLetterSelection
        {
            Customer = request.Text("customer") is { } customer ? CustomerName.ToKey(customer) : null,
            Kind = kind,
            StatusFrom = status.From,
            StatusTo = status.To,
            Cause = cause,
            From = diedFrom,
            To = diedTo,
        };
        if (selection == new DeadLetterSelection() && !all)
        {
            return "Say which dead letters: cause, kind, status, customer, from, to; or all=true for every one of the workspace.";
        }

        // What becomes a dead letter from now on was not in a preview, and a replayed call that dies again is not replayed without end.
        selection = selection with { To = diedTo ?? time.GetUtcNow() };
        return null;
    }

    private IDeadLetterGrain Letters(string workspace) => grains.GetGrain<IDeadLetterGrain>(workspace);

    [LoggerMessage(Level = LogLevel.Information, Message = "Workspace {Workspace}: an operator settled {Count} of {Matched} dead letters of a selection.")]
    private partial void LogSettled(string workspace, long count, long matched);
}
