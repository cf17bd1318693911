// A service that stores Customer.io's calls before it answers, with ASP.NET and Wolverine's durable local queues on PostgreSQL,
// partitioned by customer. Run by .NET itself: dotnet run accept.cs -- <port> <connection string>
#:sdk Microsoft.NET.Sdk.Web
#:property ManagePackageVersionsCentrally=false
#:property TreatWarningsAsErrors=false
#:property RunAnalyzers=false
#:property GenerateDocumentationFile=false
#:property PublishAot=false
#:package WolverineFx.Postgresql@6.62.0
#:package WolverineFx.RuntimeCompilation@6.62.0
using System.Text.Json;
using Wolverine;
using Wolverine.Postgresql;

var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
builder.Host.UseWolverine(options =>
{
    options.PersistMessagesWithPostgresql(args[1], "wolverine");
    options.UseRuntimeCompilation();
    options.Durability.Mode = DurabilityMode.Solo;
    options.MessagePartitioning.ByMessage<Call>(call => call.Customer).PublishToPartitionedLocalMessaging("calls", 8, topology =>
    {
        topology.Message<Call>();
        topology.ConfigureQueues(queue => queue.UseDurableInbox());
    });
});

var app = builder.Build();
app.MapPost("/api/v1/customers/{customer}/events", async (string customer, JsonElement call, IMessageBus bus) =>
{
    await bus.PublishAsync(new Call(customer, call.GetRawText()));
    return Results.Text("{}", "application/json");
});
await app.StartAsync();
Console.WriteLine("ready");
await app.WaitForShutdownAsync();

public sealed record Call(string Customer, string Body);

/// <summary>Delivery is held, as it is in the other servers of this comparison.</summary>
public static class CallHandler
{
    public static Task Handle(Call call, CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop);
}
