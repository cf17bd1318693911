using System.Globalization;
using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Client.Operating;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Limits;
using CioOrleans.Refusing;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Discards waiting calls: one, a customer's, or all that match. Each customer's grain discards in its own queue.</summary>
internal sealed partial class AdminDiscards(IGrainFactory grains, GrainKeys keys, AdminRefusedCalls refused, AdminHistory history, TimeProvider time, ILogger<AdminDiscards> logger)
{
    private const int CustomersAtOnce = 16;

    /// <summary>The customer in whose queue a call waits.</summary>
    public static AdminParameter Customer { get; } =
        new("customer", JsonSchemaType.String, "The customer in whose queue the call waits. Without it all queues are searched, for 10 s at most.");

    /// <summary>Whether calls are only counted.</summary>
    public static AdminParameter DryRun { get; } = new("dryRun", JsonSchemaType.Boolean, "Whether the calls are only counted (default: false).");

    /// <summary>The parameters that select calls. An unknown one is refused.</summary>
    public static IReadOnlyList<AdminParameter> Filter { get; } =
    [
        new("kind", JsonSchemaType.String, "A kind of call, as GET …/calls/{id} names it."),
        new("class", JsonSchemaType.String, $"A limit class: {string.Join(", ", LimitClassNames.All)}."),
        new("host", JsonSchemaType.String, $"A host of Customer.io: {string.Join(", ", UpstreamHosts.All.Select(host => host.ToName()))}."),
        new("olderThan", JsonSchemaType.Number, "The least age of the calls, in seconds."),
        new("import", JsonSchemaType.String, "The id of an import (a ULID)."),
        new("all", JsonSchemaType.Boolean, "Whether all waiting calls of the workspace are meant if nothing else selects them (default: false)."),
        new("after", JsonSchemaType.Integer, "The 'next' of the answer before, where that was not complete."),
        DryRun,
    ];

    /// <summary>Discards one waiting call by its id: in the queue that <c>customer</c> names, or in all queues without it.</summary>
    public async Task<IResult> DiscardCall(string workspace, string id, HttpRequest request)
    {
        if (!Ulid.TryParse(id, out var call))
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, $"'{id}' is no call's id: a ULID.");
        }

        if (request.ReadFlag("dryRun", out var isPreview) is { } noFlag)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, noFlag);
        }

        try
        {
            var named = request.Text("customer") is { } given ? CustomerName.ToKey(given) : null;
            if ((named ?? await grains.GetWorkspace(workspace).FindCustomer(call)) is not { } key
                || await grains.GetCustomer(keys, new CustomerAddress(workspace, key)).FindCall(call) is not { } place)
            {
                return AdminAnswer.Error(StatusCodes.Status404NotFound, $"No call '{id}' waits.");
            }

            if (place.Kind == CallKind.MergeBarrier)
            {
                if (named is not null)
                {
                    return AdminAnswer.Error(
                        StatusCodes.Status409Conflict, $"This is the barrier of a merge, and goes with it: discard the merge, in the queue of '{place.OtherCustomer}'.");
                }

                key = place.OtherCustomer!;
            }

            return await DiscardInAsync(workspace, key, new CallFilter { CallId = call }, isPreview, after: 0);
        }
        catch (TimeoutException)
        {
            return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, "The call was not found in time, because many calls wait. Name its customer: ?customer=id:42.");
        }
    }

    /// <summary>Discards a customer's waiting calls: all, or those that match the filter. Without a filter, also those of the customer that were refused, and the customer in the history.</summary>
    public Task<IResult> DiscardCustomersCalls(string workspace, HttpRequest request) => AdminAnswer.StoringAsync(async () =>
    {
        if (ReadFilter(request, out var filter, out var isPreview, out var after) is { } refusal)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
        }

        var customer = CustomerName.ToKey(CustomerSegment.BeforeLast(request));
        if (!filter.IsEmpty())
        {
            return await DiscardInAsync(workspace, customer, filter, isPreview, after ?? 0);
        }

        var erased = await refused.EraseAsync(workspace, customer, isPreview);
        var answer = await DiscardInAsync(workspace, customer, filter, isPreview, after ?? 0, erased);
        if (!isPreview)
        {
            // Behind the discard, which is recorded too.
            await history.EraseAsync(workspace, customer);
        }

        return answer;
    });

    /// <summary>Discards all waiting calls of the workspace that match the filter. Without a filter it needs <c>all=true</c>.</summary>
    public async Task<IResult> DiscardCalls(string workspace, HttpRequest request)
    {
        if (ReadFilter(request, out var filter, out var isPreview, out var after) is { } refusal)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, refusal);
        }

        if (filter.IsEmpty() && !(request.ReadFlag("all", out var all) is null && all))
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, "Say which calls: kind, class, host, olderThan, import; or all=true for every waiting call.");
        }

        var answer = Nothing(workspace, isPreview);
        var patience = new OperatorPatience(time);
        do
        {
            if (patience.IsOver)
            {
                answer = answer with { IsComplete = false };
                break;
            }

            var page = await grains.GetWorkspace(workspace).FindCalls(filter, after);
            foreach (var customers in page.Customers.Chunk(CustomersAtOnce))
            {
                var results = isPreview
                    ? customers.Select(customer => DiscardResult.Nothing with { Matched = customer.Count })
                    : await Task.WhenAll(customers.Select(customer => DiscardQueueAsync(new CustomerAddress(workspace, customer.Customer), filter, isPreview: false, after: 0, patience)));
                answer = results.Aggregate(answer, (sum, result) => sum.Add(result));
            }

            if (!answer.IsComplete)
            {
                break;
            }

            after = page.Next;
        }
        while (after is not null);
        return Done(answer.IsComplete ? answer : answer with { Next = after ?? 0 }, filter);
    }

    private async Task<IResult> DiscardInAsync(string workspace, string customer, CallFilter filter, bool isPreview, long after, ErasedCalls? erased = null)
    {
        var result = await DiscardQueueAsync(new CustomerAddress(workspace, customer), filter, isPreview, after, new OperatorPatience(time));
        var answer = Nothing(workspace, isPreview).Add(result) with { Next = result.Next, Refused = erased is { Count: > 0 } ? erased.Count : null };

        // A further request begins at the end of the queue where only refused calls are left.
        return Done(erased is { IsComplete: false } ? answer with { IsComplete = false, Next = result.Next ?? long.MaxValue } : answer, filter);
    }

    /// <summary>Discards in one customer's queue, part by part, until the queue's end, a storage error or the end of the patience.</summary>
    private async Task<DiscardResult> DiscardQueueAsync(CustomerAddress address, CallFilter filter, bool isPreview, long after, OperatorPatience patience)
    {
        var customer = grains.GetCustomer(keys, address);
        return await patience.RepeatAsync(
            DiscardResult.Nothing with { Next = after },
            async total => total.Add(await customer.Discard(filter, isPreview, total.Next ?? 0)),
            total => total is { Next: null } or { Problem: not null });
    }

    private static DiscardAnswer Nothing(string workspace, bool isPreview) => new(workspace, isPreview, 0, 0, 0, 0, 0, IsComplete: true);

    private IResult Done(DiscardAnswer answer, CallFilter filter)
    {
        if (answer.Discarded > 0)
        {
            var (kind, limitClass, host) = (filter.Kind?.ToString() ?? "any", filter.LimitClass?.ToName() ?? "any", filter.Host?.ToName() ?? "any");
            LogDiscarded(answer.Workspace, answer.Discarded, answer.Customers, kind, limitClass, host);
        }

        return AdminAnswer.Ok(answer, AdminJson.Readable.DiscardAnswer);
    }

    /// <summary>
    /// Reads the filter from the query. Returns what is wrong with it, or null. An unknown parameter is refused, because a misspelt filter must not
    /// discard everything.
    /// </summary>
    private string? ReadFilter(HttpRequest request, out CallFilter filter, out bool isPreview, out long? after)
    {
        filter = new CallFilter();
        after = null;
        if (request.ReadFlag("dryRun", out isPreview) is { } noFlag)
        {
            return noFlag;
        }

        if (request.RefuseUnknown(Filter) is { } unknown)
        {
            return unknown;
        }

        if (request.ReadKind(out var kind) is { } noKind)
        {
            return noKind;
        }

        filter = filter with { Kind = kind };

        if (request.Text("class") is { } classText)
        {
            if (!LimitClassNames.TryParse(classText, out var limitClass))
            {
                return $"There is no limit class '{classText}': {string.Join(", ", LimitClassNames.All)}.";
            }

            filter = filter with { LimitClass = limitClass };
        }

        if (request.Text("host") is { } hostText)
        {
            if (!UpstreamHosts.TryParse(hostText, out var host))
            {
                return $"There is no host '{hostText}': {string.Join(", ", UpstreamHosts.All.Select(known => known.ToName()))}.";
            }

            filter = filter with { Host = host };
        }

        if (request.Text("olderThan") is { } ageText)
        {
            if (!double.TryParse(ageText, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 0 and < 1e9))
            {
                return "'olderThan' is a number of seconds.";
            }

            filter = filter with { AcceptedBefore = time.GetUtcNow() - TimeSpan.FromSeconds(seconds) };
        }

        if (request.Text("after") is { } afterText)
        {
            if (!long.TryParse(afterText, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            {
                return "'after' is the 'next' of the answer before.";
            }

            after = start;
        }

        if (request.ReadId("import", out var import) is { } noImport)
        {
            return noImport;
        }

        filter = filter with { Import = import };
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Workspace {Workspace}: an operator discarded {Count} waiting calls of {Customers} customers (kind: {Kind}, class: {LimitClass}, host: {Host}).")]
    private partial void LogDiscarded(string workspace, long count, long customers, string kind, string limitClass, string host);
}
