using System.Globalization;
using System.Text.Json;
using CioOrleans.Client.Operating;
using CioOrleans.History;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Searches, exports, judges and erases the history of a workspace.</summary>
internal sealed class AdminHistory(IGrainFactory grains, TimeProvider time)
{
    /// <summary>The parameters of a span, for the admin document.</summary>
    public static IReadOnlyList<AdminParameter> Span { get; } =
    [
        new("from", JsonSchemaType.String, $"The begin: {AdminTime.Form}."),
        new("to", JsonSchemaType.String, $"The end: {AdminTime.Form}."),
    ];

    /// <summary>The parameter that asks for bodies, for the admin document.</summary>
    public static AdminParameter Bodies { get; } =
        new("bodies", JsonSchemaType.Boolean, "Whether rows come with what was sent and answered, where it is kept (default: false). Needs the role Operate.");

    /// <summary>The parameters of a search, for the admin document.</summary>
    public static IReadOnlyList<AdminParameter> Filter { get; } =
    [
        new("customer", JsonSchemaType.String, "Of one customer."),
        new("call", JsonSchemaType.String, "Of one call, by its id (a ULID)."),
        new("event", JsonSchemaType.String, "Of the event with this id of its own, or of the call with this Idempotency-Key."),
        new("kind", JsonSchemaType.String, "Of one kind of call, such as event or identify."),
        new("import", JsonSchemaType.String, "Of one import, by its id (a ULID)."),
        new("status", JsonSchemaType.String, $"One of {AdminStatus.Form}."),
        .. Span,
        Bodies,
    ];

    private static readonly byte[] _newLine = "\n"u8.ToArray();

    public async Task<IResult> Search(string workspace, HttpRequest request) => await SearchAsync(workspace, request, customer: null);

    /// <summary>One customer's calls over time.</summary>
    public async Task<IResult> Timeline(string workspace, HttpRequest request) =>
        await SearchAsync(workspace, request, CustomerName.ToKey(CustomerSegment.BeforeLast(request)));

    /// <summary>All rows that match, one JSON object a line, the newest first.</summary>
    public IResult Export(string workspace, HttpRequest request)
    {
        if (ReadFilter(request, out var filter, out var status) is { } refusal)
        {
            return refusal;
        }

        var history = History(workspace);
        var mask = request.HttpContext.Features.Get<PersonMask>();
        return TypedResults.Stream(
            async output =>
            {
                long? before = null;
                do
                {
                    var page = await history.Search(filter, before, AdminPage.Max);
                    foreach (var row in page.Rows.Where(row => status.Matches(row)))
                    {
                        if (mask is null)
                        {
                            await JsonSerializer.SerializeAsync(output, HistoryAnswer.Of(row), AdminJson.Readable.HistoryAnswer, request.HttpContext.RequestAborted);
                        }
                        else
                        {
                            await output.WriteAsync(mask.Write(HistoryAnswer.Of(row)), request.HttpContext.RequestAborted);
                        }

                        await output.WriteAsync(_newLine, request.HttpContext.RequestAborted);
                    }

                    before = page.Next;
                }
                while (before is not null);
            },
            "application/x-ndjson");
    }

    public async Task<IResult> Verify(string workspace, HttpRequest request)
    {
        if (!request.TryReadTime("from", time, out var from, out var refusal) || !request.TryReadTime("to", time, out var to, out refusal))
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
        }

        return AdminAnswer.Ok(ProofAnswer.Of(workspace, await History(workspace).Verify(from ?? time.GetUtcNow().AddDays(-1), to)), AdminJson.Readable.ProofAnswer);
    }

    public Task<IResult> Erase(string workspace, HttpRequest request) => AdminAnswer.StoringAsync(async () =>
    {
        var erased = await EraseAsync(workspace, CustomerName.ToKey(CustomerSegment.BeforeLast(request)));
        return AdminAnswer.Ok(new HistoryEraseAnswer(erased.Rows, !erased.HasMore), AdminJson.Readable.HistoryEraseAnswer);
    });

    /// <summary>Removes what tells of a customer from the history.</summary>
    /// <exception cref="IOException">The change could not be stored.</exception>
    public async Task<HistoryErasure> EraseAsync(string workspace, string customer)
    {
        IHistoryGrain history;
        try
        {
            history = History(workspace);
        }
        catch (ArgumentException)
        {
            // During an upgrade no silo has this grain yet, and nothing has been recorded.
            return new HistoryErasure(0, HasMore: false);
        }

        return await new OperatorPatience(time).RepeatAsync(
            new HistoryErasure(0, HasMore: true),
            async total =>
            {
                var part = await history.Erase(customer);
                return part.Problem is null ? part with { Rows = total.Rows + part.Rows } : throw new IOException(part.Problem);
            },
            total => !total.HasMore);
    }

    /// <summary>The whole life of one call, the oldest row first; empty if nothing is recorded.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="call">The call's id.</param>
    /// <param name="withBodies">Whether the rows come with their bodies.</param>
    public async Task<IReadOnlyList<HistoryRow>> OfCallAsync(string workspace, Ulid call, bool withBodies)
    {
        List<HistoryRow> rows = [];
        try
        {
            long? before = null;
            do
            {
                var page = await History(workspace).Search(new HistoryFilter { CallId = call, WithBodies = withBodies }, before, AdminPage.Max);
                rows.AddRange(page.Rows);
                before = page.Next;
            }
            while (before is not null && rows.Count < AdminPage.Max);
        }
        catch (ArgumentException)
        {
            // During an upgrade no silo has this grain yet.
        }

        rows.Reverse();
        return rows;
    }

    private async Task<IResult> SearchAsync(string workspace, HttpRequest request, string? customer)
    {
        if (ReadFilter(request, out var filter, out var status) is { } refusal)
        {
            return refusal;
        }

        if (!AdminPage.TryRead(
            request, text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null, out var before, out var limit, out var error))
        {
            return error;
        }

        var page = await History(workspace).Search(customer is null ? filter : filter with { Customer = customer }, before, limit);
        return AdminAnswer.Ok(
            new HistoryList([.. page.Rows.Where(row => status.Matches(row)).Select(HistoryAnswer.Of)], page.Next?.ToString(CultureInfo.InvariantCulture)), AdminJson.Readable.HistoryList);
    }

    /// <summary>Reads whether bodies are asked for. Returns the answer if they may not be read; otherwise null.</summary>
    public static IResult? ReadBodies(HttpRequest request, out bool withBodies)
    {
        if (request.ReadFlag("bodies", out withBodies) is { } refusal)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
        }

        var caller = request.HttpContext.Features.GetRequiredFeature<AdminCaller>();
        return withBodies && caller.Role != AdminRole.Operate
            ? AdminAnswer.Error(StatusCodes.Status403Forbidden, $"The key '{caller.Name}' has the role Read, and bodies need Operate.")
            : null;
    }

    /// <summary>Reads the filter from the query. Returns the answer if it is wrong; otherwise null.</summary>
    private IResult? ReadFilter(HttpRequest request, out HistoryFilter filter, out AdminStatus status)
    {
        if (ReadSelection(request, out filter, out status) is { } refusal)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
        }

        var refused = ReadBodies(request, out var withBodies);
        filter = filter with { WithBodies = withBodies };
        return refused;
    }

    /// <summary>Reads what selects rows. Returns what is wrong; null if nothing is.</summary>
    private string? ReadSelection(HttpRequest request, out HistoryFilter filter, out AdminStatus status)
    {
        (filter, status) = (new HistoryFilter(), default);
        if (!request.TryReadTime("from", time, out var from, out var refusal) || !request.TryReadTime("to", time, out var to, out refusal))
        {
            return refusal;
        }

        if (request.ReadId("call", out var call) is { } noCall)
        {
            return noCall;
        }

        if (request.ReadId("import", out var import) is { } noImport)
        {
            return noImport;
        }

        if (request.ReadKind(out var kind) is { } noKind)
        {
            return noKind;
        }

        if (AdminStatus.Read(request, out status) is { } noStatus)
        {
            return noStatus;
        }

        filter = filter with
        {
            From = from,
            To = to,
            EventId = request.Text("event"),
            Customer = request.Text("customer") is { } customer ? CustomerName.ToKey(customer) : null,
            CallId = call,
            Import = import,
            Kind = kind,
            Status = status.Class,
        };
        return null;
    }

    private IHistoryGrain History(string workspace) => grains.GetGrain<IHistoryGrain>(workspace);
}
