using CioOrleans.Addressing;
using CioOrleans.Client;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Admin;

/// <summary>Registers and maps the requests under <c>/admin</c>.</summary>
public static class AdminExtensions
{
    public static IServiceCollection AddAdmin(this IServiceCollection services, DispatcherSettings settings) => services
        .AddSingleton<ClusterCalls>()
        .AddGrainAccess()
        .AddSingleton(provider => new AdminCalls(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GrainKeys>(), settings.Workspaces.Keys, provider.GetRequiredService<AcceptDeadlines>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<AdminRefusedCalls>()
        .AddSingleton(provider => new AdminDiscards(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GrainKeys>(), provider.GetRequiredService<AdminRefusedCalls>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AdminDiscards>>()))
        .AddSingleton(new AdminEndpoints(MapAdmin));

    private static void MapAdmin(this IEndpointRouteBuilder endpoints)
    {
        var calls = endpoints.ServiceProvider.GetRequiredService<AdminCalls>();
        var discards = endpoints.ServiceProvider.GetRequiredService<AdminDiscards>();
        var refused = endpoints.ServiceProvider.GetRequiredService<AdminRefusedCalls>();
        var admin = endpoints.MapGroup("/admin").AddEndpointFilter<FailureFilter>().AddEndpointFilter<AuditFilter>();
        admin.MapGet("/workspaces", calls.ListWorkspaces);
        admin.MapGet("/audit", calls.GetAudit);

        var cluster = endpoints.ServiceProvider.GetRequiredService<ClusterCalls>();
        admin.MapGet("/cluster", cluster.GetCluster);
        admin.MapPost("/cluster/{silo}/drain", cluster.Drain);

        var workspace = admin.MapGroup("/workspaces/{workspace}").AddEndpointFilter(calls.RequireWorkspace);
        workspace.MapGet("/", calls.GetWorkspace);
        workspace.MapPost("/pause", calls.Pause);
        workspace.MapPost("/resume", calls.Resume);
        workspace.MapGet("/dead-letters", calls.GetDeadLetters);
        workspace.MapPost("/dead-letters/{id}/replay", calls.ReplayDeadLetter);
        workspace.MapDelete("/dead-letters/{id}", calls.DiscardDeadLetter);
        workspace.MapGet("/refused-calls", refused.List);
        workspace.MapGet("/refused-calls/{id}", refused.Get);
        workspace.MapDelete("/refused-calls/{id}", refused.Delete);
        workspace.MapDelete("/refused-calls", refused.DeleteAll);
        workspace.MapGet("/customers/{customer}", calls.GetCustomer);
        workspace.MapGet("/calls/{id}", calls.GetCall);
        workspace.MapDelete("/calls/{id}", discards.DiscardCall);
        workspace.MapDelete("/calls", discards.DiscardCalls);
        workspace.MapDelete("/customers/{customer}/calls", discards.DiscardCustomersCalls);
        workspace.MapGet("/imports/{import}", calls.GetImport);

        admin.Map("/{**rest}", (HttpRequest request) => AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no call {request.Method} {request.Path}."));
    }
}
