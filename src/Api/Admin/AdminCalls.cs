using System.Collections.Frozen;
using CioOrleans.Addressing;
using CioOrleans.Api.Answers;
using CioOrleans.Auditing;
using CioOrleans.Client;
using CioOrleans.Client.Operating;
using CioOrleans.Customers;
using CioOrleans.History;
using CioOrleans.Imports;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Mvc;

namespace CioOrleans.Api.Admin;

/// <summary>The requests under <c>/admin</c>. Each asks the grain that owns the answer.</summary>
internal sealed class AdminCalls(IGrainFactory grains, GrainKeys keys, IEnumerable<string> workspaces, AcceptDeadlines deadlines, AdminHistory history, CustomerReader reader)
{
    private readonly FrozenSet<string> _workspaces = workspaces.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Answers 404 for an unknown workspace. Orleans would activate a grain for any name.</summary>
    public async ValueTask<object?> RequireWorkspace(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var workspace = (string?)context.HttpContext.Request.RouteValues["workspace"];
        return _workspaces.Contains(workspace ?? string.Empty)
            ? await next(context)
            : AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no workspace '{workspace}'.");
    }

    public IResult ListWorkspaces() => AdminAnswer.Ok(new WorkspaceList([.. _workspaces.Order(StringComparer.Ordinal)]), AdminJson.Readable.WorkspaceList);

    public async Task<IResult> GetWorkspace(string workspace) =>
        AdminAnswer.Ok(WorkspaceAnswer.Of(workspace, await Workspace(workspace).GetStatus()), AdminJson.Readable.WorkspaceAnswer);

    public async Task<IResult> Pause(string workspace, HttpRequest request)
    {
        if (await PauseRequest.ReadAsync(request) is not { } pause)
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, $"Send no body or {{\"reason\":\"…\"}} of at most {PauseRequest.MaxReason} characters.");
        }

        return await AnswerAsync(workspace, await Workspace(workspace).Pause(pause.Reason));
    }

    public async Task<IResult> Resume(string workspace)
    {
        return await AnswerAsync(workspace, await Workspace(workspace).Resume());
    }

    /// <summary>Ends the pause of a limit group after a 429.</summary>
    public async Task<IResult> EndThrottle(string workspace, [FromRoute(Name = "class")] string limitClass)
    {
        if (!LimitClassNames.TryParse(limitClass, out var known))
        {
            return AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no limit class '{limitClass}': {string.Join(", ", LimitClassNames.All)}.");
        }

        await Workspace(workspace).EndThrottle(known);
        return await GetWorkspace(workspace);
    }

    private async Task<IResult> AnswerAsync(string workspace, ChangeResult change) => change is ChangeResult.Unavailable(var reason)
        ? AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, $"The change could not be stored and would not survive a restart: {reason}. Try again.")
        : await GetWorkspace(workspace);

    public async Task<IResult> GetAudit(HttpRequest request)
    {
        if (!AdminPage.TryRead(request, out var before, out var limit, out var error))
        {
            return error;
        }

        return AdminAnswer.Ok(AuditList.Of(await grains.GetGrain<IAuditGrain>(0).Read(before, limit), limit), AdminJson.Readable.AuditList);
    }

    public async Task<IResult> GetDeadLetters(string workspace, HttpRequest request)
    {
        if (!AdminPage.TryRead(request, out var after, out var limit, out var error))
        {
            return error;
        }

        var page = await DeadLetters(workspace).Read(after, limit);
        return AdminAnswer.Ok(DeadLetterList.Of(page), AdminJson.Readable.DeadLetterList);
    }

    public async Task<IResult> ReplayDeadLetter(string workspace, string id, HttpResponse response)
    {
        if (!Ulid.TryParse(id, out var letter))
        {
            return NoDeadLetter(id);
        }

        switch (await DeadLetterReplay.RunAsync(grains, deadlines, workspace, letter))
        {
            case ReplayResult.Absent:
                return NoDeadLetter(id);

            case ReplayResult.Unavailable unavailable:
                Answer.SetRetryAfter(response, unavailable.RetryAfter);
                return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, unavailable.Reason);

            default:
                return AdminAnswer.Ok(new Done(letter.ToString()), AdminJson.Readable.Done);
        }
    }

    public Task<IResult> DiscardDeadLetter(string workspace, string id) => AdminAnswer.StoringAsync(async () =>
        Ulid.TryParse(id, out var letter) && await DeadLetters(workspace).Discard(letter)
            ? AdminAnswer.Ok(new Done(letter.ToString()), AdminJson.Readable.Done)
            : NoDeadLetter(id));

    public async Task<IResult> GetCustomer(string workspace, HttpRequest request)
    {
        var address = new CustomerAddress(workspace, CustomerName.ToKey(CustomerSegment.Last(request)));
        return AdminAnswer.Ok(CustomerAnswer.Of(await reader.ReadAsync(address)), AdminJson.Readable.CustomerAnswer);
    }

    /// <summary>Finds a call by its id: among the dead letters, then in the queue that <c>customer</c> names, or in all queues without it.</summary>
    public async Task<IResult> GetCall(string workspace, string id, HttpRequest request)
    {
        if (!Ulid.TryParse(id, out var call))
        {
            return AdminAnswer.Error(StatusCodes.Status400BadRequest, $"'{id}' is no call's id: a ULID.");
        }

        if (AdminHistory.ReadBodies(request, out var withBodies) is { } refusal)
        {
            return refusal;
        }

        var rows = await history.OfCallAsync(workspace, call, withBodies);
        if (await DeadLetters(workspace).Find(call) is { } letter)
        {
            return Found(CallAnswer.Of(workspace, letter), rows);
        }

        try
        {
            var key = request.Query["customer"].ToString() is { Length: > 0 } given ? CustomerName.ToKey(given) : await Workspace(workspace).FindCustomer(call);
            return Found(key is null ? CallAnswer.Gone(workspace, call) : await FindCallAsync(new CustomerAddress(workspace, key), call), rows);
        }
        catch (TimeoutException)
        {
            return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, "The call was not found in time, because many calls wait. Name its customer: ?customer=id:42.");
        }

        static IResult Found(CallAnswer answer, IReadOnlyList<HistoryRow> rows) => AdminAnswer.Ok(answer.With(rows), AdminJson.Readable.CallAnswer);
    }

    public async Task<IResult> GetImport(string workspace, string import) =>
        Ulid.TryParse(import, out var id) && await grains.GetImport(keys, new ImportAddress(workspace, id)).GetStatus() is { } status
            ? AdminAnswer.Ok(ImportAnswer.Of(workspace, id, status), AdminJson.Readable.ImportAnswer)
            : AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no import '{import}'.");

    private async Task<CallAnswer> FindCallAsync(CustomerAddress address, Ulid call) =>
        await reader.FindAsync(address, call) is { } found ? CallAnswer.Of(found) : CallAnswer.Gone(address.Workspace, call);

    private static IResult NoDeadLetter(string id) => AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no dead letter '{id}'.");

    private IWorkspaceGrain Workspace(string workspace) => grains.GetWorkspace(workspace);

    private IDeadLetterGrain DeadLetters(string workspace) => grains.GetGrain<IDeadLetterGrain>(workspace);
}
