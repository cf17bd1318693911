// A newsletter's sign-up form. It is an Orleans client of the dispatcher's cluster: it stores nothing itself, and its calls are on
// stable storage in the cluster once they are acknowledged. README.md says how to run it.

using CioOrleans.Client;
using CioOrleans.Customers;
using Orleans.Configuration;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("Dispatcher")
    ?? throw new InvalidOperationException("ConnectionStrings:Dispatcher is missing: expected the cluster's PostgreSQL database, as Dispatcher:Storage:ConnectionString of its silos.");
builder.UseOrleansClient(client => client
    .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database))
    // The defaults of Dispatcher:Cluster:ClusterId and :ServiceId.
    .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("cio", "cio"))
    // Waits for the first silo instead of ending.
    .UseConnectionRetryFilter(async (_, stopping) =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), stopping);
        return true;
    }));
builder.Services.AddCioDispatcher();
builder.Services.AddSingleton(provider => provider.GetRequiredService<IDispatcher>().Workspace(builder.Configuration["Workspace"] ?? "acme"));

var app = builder.Build();
app.MapPost("/subscribers/{id}", async (string id, Subscriber subscriber, IWorkspaceDispatcher workspace) =>
{
    var person = workspace.Customer(id);
    var identified = await person.IdentifyAsync(new { email = subscriber.Email });
    var result = identified.IsAccepted ? await person.TrackAsync("subscribed", new { newsletter = subscriber.Newsletter }) : identified;
    return result is AcceptResult.NotAccepted refused
        ? Results.Problem($"Try again in {Math.Ceiling(refused.RetryAfter.TotalSeconds)} s.", statusCode: StatusCodes.Status503ServiceUnavailable)
        : Results.Accepted();
});
await app.RunAsync();

/// <summary>Somebody who signs up for a newsletter.</summary>
internal sealed record Subscriber(string Email, string Newsletter);
