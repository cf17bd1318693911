// A cluster of the dispatcher on one machine: PostgreSQL, three silos, a front-end, the sandbox as its Customer.io, and samples/Client
// beside them. README.md says how to run it.

using System.Globalization;
using Microsoft.Extensions.Configuration;

const int Silos = 3;
const string Sandbox = "http://127.0.0.1:5081";

var builder = DistributedApplication.CreateBuilder(args);

// A connection string takes the place of the container.
IResourceBuilder<IResourceWithConnectionString> database = builder.Configuration.GetConnectionString("cio") is null
    ? builder.AddPostgres("postgres").AddDatabase("cio")
    : builder.AddConnectionString("cio");

var sandbox = builder.AddProject<Projects.CioOrleans_Sandbox>("sandbox")
    .WithHttpEndpoint(port: 5081, isProxied: false)
    .WithEnvironment("Sandbox__Url", Sandbox)
    .WithEnvironment("Sandbox__SiteId", "demo-site")
    .WithEnvironment("Sandbox__ApiKey", "demo-key")
    .WithEnvironment("Sandbox__Limits", "identify,track,page=100/1s");

var silos = Enumerable.Range(1, Silos).Select(number => AddDispatcher<Projects.CioOrleans_Silo>($"silo-{number}", port: 5090 + number, mode: "Silo")
    .WithEnvironment("Dispatcher__Cluster__AdvertisedAddress", "127.0.0.1")
    .WithEnvironment("Dispatcher__Cluster__SiloPort", Text(11110 + number))
    .WithEnvironment("Dispatcher__Cluster__GatewayPort", Text(30000 + number))
    .WaitFor(sandbox)).ToArray();

var frontEnd = AddDispatcher<Projects.CioOrleans_Api>("front-end", port: 5080, mode: "Client");
var newsletter = builder.AddProject<Projects.CioOrleans_Samples_Client>("newsletter")
    .WithHttpEndpoint(port: 5091 + Silos, isProxied: false)
    .WithEnvironment("Urls", Local(5091 + Silos))
    .WithEnvironment("ConnectionStrings__Dispatcher", database)
    .WithEnvironment("Workspace", "demo");

// The first silo makes the schema. The others, and the clients, start once it is ready.
foreach (var silo in silos.Skip(1))
{
    silo.WaitFor(silos[0]);
}

frontEnd.WaitFor(silos[0]);
newsletter.WaitFor(silos[0]);
builder.Build().Run();

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

static string Local(int port) => $"http://127.0.0.1:{Text(port)}";

IResourceBuilder<ProjectResource> AddDispatcher<TProject>(string name, int port, string mode)
    where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name)
    .WithHttpEndpoint(port: port, isProxied: false)
    .WithHttpHealthCheck("/health/ready")
    .WithEnvironment("Urls", Local(port))
    .WithEnvironment("Dispatcher__Admin__Url", Local(port + 1000))
    .WithEnvironment("Dispatcher__Storage__Provider", "Postgres")
    .WithEnvironment("Dispatcher__Storage__ConnectionString", database)
    .WithEnvironment("Dispatcher__Cluster__Mode", mode)
    .WithEnvironment("Dispatcher__Workspaces__demo__SiteId", "demo-site")
    .WithEnvironment("Dispatcher__Workspaces__demo__ApiKey", "demo-key")
    .WithEnvironment("Dispatcher__Workspaces__demo__TrackUrl", Sandbox)
    .WithEnvironment("Dispatcher__Workspaces__demo__AppUrl", Sandbox)
    .WithEnvironment("Dispatcher__Workspaces__demo__Limits__track", "identify")
    .WithEnvironment("Dispatcher__Workspaces__demo__Limits__page", "identify")
    .WaitFor(database);
