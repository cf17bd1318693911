using CioOrleans.Addressing;
using CioOrleans.Client;
using CioOrleans.Client.Operating;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Admin;

/// <summary>Registers and maps the requests under <c>/admin</c>.</summary>
public static class AdminExtensions
{
    public static IServiceCollection AddAdmin(this IServiceCollection services, DispatcherSettings settings) => services
        .AddAdminDocument()
        .AddSingleton(settings.Admin)
        .AddSingleton<ClusterCalls>()
        .AddGrainAccess()
        .AddSingleton<AuditTrail>()
        .AddSingleton<CustomerReader>()
        .AddSingleton(provider => new AdminCalls(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GrainKeys>(), settings.Workspaces.Keys, provider.GetRequiredService<AcceptDeadlines>(), provider.GetRequiredService<AdminHistory>(), provider.GetRequiredService<CustomerReader>()))
        .AddSingleton<DeadLetterSettler>()
        .AddSingleton<AdminDeadLetters>()
        .AddSingleton<AdminReplays>()
        .AddSingleton<AdminRefusedCalls>()
        .AddSingleton<AdminHistory>()
        .AddSingleton<AdminLists>()
        .AddSingleton(provider => new AdminDiscards(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GrainKeys>(), provider.GetRequiredService<AdminRefusedCalls>(), provider.GetRequiredService<AdminHistory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AdminDiscards>>()))
        .AddSingleton(new AdminEndpoints(MapAdmin));

    private static void MapAdmin(this IEndpointRouteBuilder endpoints)
    {
        var calls = endpoints.ServiceProvider.GetRequiredService<AdminCalls>();
        var discards = endpoints.ServiceProvider.GetRequiredService<AdminDiscards>();
        var refused = endpoints.ServiceProvider.GetRequiredService<AdminRefusedCalls>();
        var admin = endpoints.MapGroup("/admin").AddEndpointFilter<MaskFilter>().AddEndpointFilter<FailureFilter>().AddEndpointFilter<AuditFilter>();
        admin.WithTags("admin").DescribeErrors(StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable);
        admin.MapGet("/workspaces", calls.ListWorkspaces)
            .Describe<WorkspaceList>(new AdminOperation("ListWorkspaces", "The names of the configured workspaces."));
        admin.MapGet("/audit", calls.GetAudit)
            .Describe<AuditList>(new AdminOperation("GetAudit", "What operators did, the newest first.") { Query = AdminPage.Parameters });

        var lists = endpoints.ServiceProvider.GetRequiredService<AdminLists>();
        admin.MapGet("/settings", lists.GetSettings)
            .Describe<SettingList>(new AdminOperation("GetSettings", "The settings of the process that answers, and where each value comes from. Secrets are left out."));

        var cluster = endpoints.ServiceProvider.GetRequiredService<ClusterCalls>();
        admin.MapGet("/cluster", cluster.GetCluster)
            .Describe<ClusterAnswer>(new AdminOperation("GetCluster", "The silos, and the owner of each workspace."));
        admin.MapPost("/cluster/{silo}/drain", cluster.Drain)
            .Describe<ClusterAnswer>(new AdminOperation("DrainSilo", "Makes a silo hand over its workspaces. It takes none until it is started again."), StatusCodes.Status404NotFound);

        var workspace = admin.MapGroup("/workspaces/{workspace}").AddEndpointFilter(calls.RequireWorkspace).DescribeErrors(StatusCodes.Status404NotFound);
        MapWorkspace(workspace, calls, discards, refused);
        MapDeadLetters(workspace, endpoints.ServiceProvider.GetRequiredService<AdminDeadLetters>());
        MapReplays(workspace, endpoints.ServiceProvider.GetRequiredService<AdminReplays>());
        MapHistory(workspace, endpoints.ServiceProvider.GetRequiredService<AdminHistory>());
        MapLists(workspace, lists);

        admin.MapOpenApi(AdminDocument.Path);
        admin.Map("/{**rest}", (HttpRequest request) => AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no call {request.Method} {request.Path}."));
    }

    private static void MapDeadLetters(RouteGroupBuilder workspace, AdminDeadLetters letters)
    {
        workspace.MapGet("/dead-letters/causes", letters.GetCauses)
            .Describe<DeadLetterCauseList>(new AdminOperation("GetDeadLetterCauses", "The dead letters by kind of call and cause, the most frequent first.") { Query = AdminDeadLetters.Causes });
        workspace.MapPost("/dead-letters/replay", letters.Replay)
            .Describe<DeadLettersAnswer>(
                new AdminOperation("ReplayDeadLetters", "Puts the dead letters that match at the ends of their customers' queues.") { Query = AdminDeadLetters.Filter });
        workspace.MapGet("/held-customers", letters.GetHeld)
            .Describe<HeldCustomerList>(new AdminOperation("GetHeldCustomers", "The customers whose queues a dead letter holds.") { Query = AdminPage.Parameters });
        workspace.MapDelete("/dead-letters", letters.Discard)
            .Describe<DeadLettersAnswer>(new AdminOperation("DiscardDeadLetters", "Discards the dead letters that match, for good.") { Query = AdminDeadLetters.Filter });
    }

    private static void MapLists(RouteGroupBuilder workspace, AdminLists lists)
    {
        workspace.MapGet("/queues", lists.GetQueues)
            .Describe<QueuesAnswer>(new AdminOperation("GetQueues", "The longest queues, and those whose first call has waited longest, as they were when they were last counted."));
        workspace.MapGet("/imports", lists.GetImports)
            .Describe<ImportListAnswer>(new AdminOperation("GetImports", "The imports, the latest first.") { Query = AdminPage.Parameters });
        workspace.MapGet("/sends/waiting", lists.GetWaitingSends)
            .Describe<WaitingSendsAnswer>(new AdminOperation("GetWaitingSends", "The stored sends that wait, the oldest first.") { Query = AdminLists.Limit });
        workspace.MapGet("/sends/answered", lists.GetAnsweredSends)
            .Describe<SendListAnswer>(new AdminOperation("GetAnsweredSends", "The stored sends that Customer.io has answered, the latest first.") { Query = AdminPage.Parameters });
    }

    private static void MapReplays(RouteGroupBuilder workspace, AdminReplays replays)
    {
        workspace.MapGet("/history/replay", replays.Get)
            .Describe<ReplayAnswer>(new AdminOperation("GetHistoryReplay", "The latest replay of a span of the history."));
        workspace.MapPost("/history/replay", replays.Start)
            .Describe<ReplayAnswer>(
                new AdminOperation("ReplayHistory", "Accepts the calls of a span again, under their own ids and time stamps, so that Customer.io drops what it has.") { Query = AdminReplays.Filter },
                StatusCodes.Status409Conflict);
        workspace.MapPost("/history/replay/pause", replays.Pause)
            .Describe<ReplayAnswer>(new AdminOperation("PauseHistoryReplay", "Pauses the replay. What it has accepted is delivered."));
        workspace.MapPost("/history/replay/resume", replays.Resume)
            .Describe<ReplayAnswer>(new AdminOperation("ResumeHistoryReplay", "Goes on with the replay."));
        workspace.MapDelete("/history/replay", replays.Cancel)
            .Describe<ReplayAnswer>(new AdminOperation("CancelHistoryReplay", "Cancels the replay. What it has accepted is delivered."));
    }

    private static void MapHistory(RouteGroupBuilder workspace, AdminHistory history)
    {
        workspace.MapGet("/history", history.Search)
            .Describe<HistoryList>(new AdminOperation("SearchHistory", "What was sent and answered, the newest first.") { Query = [.. AdminHistory.Filter, .. AdminPage.Parameters] });
        workspace.MapGet("/history/export", history.Export)
            .Describe<HistoryAnswer>(new AdminOperation("ExportHistory", "All rows that match, the newest first: one JSON object a line.") { Query = AdminHistory.Filter });
        workspace.MapGet("/history/verify", history.Verify)
            .Describe<ProofAnswer>(new AdminOperation("VerifyHistory", "Judges limits, order and ends from the record alone.") { Query = AdminHistory.Span });
        workspace.MapGet("/customers/{customer}/timeline", history.Timeline)
            .Describe<HistoryList>(new AdminOperation("GetTimeline", "A customer's calls over time, the newest first.") { Query = [.. AdminHistory.Filter, .. AdminPage.Parameters] });
        workspace.MapDelete("/customers/{customer}/history", history.Erase)
            .Describe<HistoryEraseAnswer>(new AdminOperation("EraseHistory", "Removes what the history tells of a customer, for good. That requests were made stays."));
    }

    private static void MapWorkspace(RouteGroupBuilder workspace, AdminCalls calls, AdminDiscards discards, AdminRefusedCalls refused)
    {
        workspace.MapGet("/", calls.GetWorkspace)
            .Describe<WorkspaceAnswer>(new AdminOperation("GetWorkspace", "The limits, the hosts and the queue of a workspace, and whether it is paused."));
        workspace.MapPost("/pause", calls.Pause)
            .Describe<WorkspaceAnswer>(new AdminOperation("PauseWorkspace", "Stops delivery. Calls are still accepted. A pause survives restarts.") { Body = typeof(PauseBody) });
        workspace.MapPost("/resume", calls.Resume)
            .Describe<WorkspaceAnswer>(new AdminOperation("ResumeWorkspace", "Restarts delivery."));

        workspace.MapPost("/limits/{class}/resume", calls.EndThrottle)
            .Describe<WorkspaceAnswer>(new AdminOperation("EndThrottle", "Ends the pause of a limit class, and of those that share its limit, after a 429. Its lower rate climbs back by itself."));

        workspace.MapGet("/dead-letters", calls.GetDeadLetters)
            .Describe<DeadLetterList>(new AdminOperation("GetDeadLetters", "The dead letters, the oldest call first.") { Query = AdminPage.Parameters });
        workspace.MapPost("/dead-letters/{id}/replay", calls.ReplayDeadLetter)
            .Describe<Done>(new AdminOperation("ReplayDeadLetter", "Puts a dead letter at the end of its customer's queue."));
        workspace.MapDelete("/dead-letters/{id}", calls.DiscardDeadLetter)
            .Describe<Done>(new AdminOperation("DiscardDeadLetter", "Discards a dead letter for good."));

        workspace.MapGet("/refused-calls", refused.List)
            .Describe<RefusedCallList>(new AdminOperation("GetRefusedCalls", "The refused Pipelines calls, the newest first, without their bodies.") { Query = AdminPage.Parameters });
        workspace.MapGet("/refused-calls/{id}", refused.Get)
            .Describe<RefusedCallAnswer>(new AdminOperation("GetRefusedCall", "A refused Pipelines call, with its body."));
        workspace.MapDelete("/refused-calls/{id}", refused.Delete)
            .Describe<Done>(new AdminOperation("DeleteRefusedCall", "Deletes a refused Pipelines call for good."));
        workspace.MapDelete("/refused-calls", refused.DeleteAll)
            .Describe<RefusedEraseAnswer>(new AdminOperation("DeleteRefusedCalls", "Deletes all refused Pipelines calls of the workspace for good.") { Query = [AdminRefusedCalls.All] });

        workspace.MapGet("/customers/{customer}", calls.GetCustomer)
            .Describe<CustomerAnswer>(new AdminOperation("GetCustomer", "What waits for a customer, and why."));
        workspace.MapGet("/calls/{id}", calls.GetCall)
            .Describe<CallAnswer>(new AdminOperation("GetCall", "Where a call is, what it waits for, and what was sent and answered.") { Query = [AdminDiscards.Customer, AdminHistory.Bodies] });
        workspace.MapGet("/imports/{import}", calls.GetImport)
            .Describe<ImportAnswer>(new AdminOperation("GetImport", "The progress of an import."));

        workspace.MapDelete("/calls/{id}", discards.DiscardCall)
            .Describe<DiscardAnswer>(
                new AdminOperation("DiscardCall", "Discards a waiting call for good.") { Query = [AdminDiscards.Customer, AdminDiscards.DryRun] }, StatusCodes.Status409Conflict);
        workspace.MapDelete("/calls", discards.DiscardCalls)
            .Describe<DiscardAnswer>(new AdminOperation("DiscardCalls", "Discards all waiting calls that match, for good.") { Query = AdminDiscards.Filter });
        workspace.MapDelete("/customers/{customer}/calls", discards.DiscardCustomersCalls)
            .Describe<DiscardAnswer>(new AdminOperation("DiscardCustomersCalls", "Discards a customer's waiting calls that match, for good; all without a filter.") { Query = AdminDiscards.Filter });
    }
}
