// A shop that tells Customer.io about its customers through the dispatcher, which runs inside the shop's own process: no HTTP
// between the two, and what the shop was told is accepted is on its own disk.
//
// To run it against the sandbox, a simulated Customer.io:
//
//   dotnet run --project src/Sandbox                  (on http://127.0.0.1:5081; the report is on /sandbox)
//   dotnet run --project samples/CoHosted             (on http://127.0.0.1:5090)
//
//   curl -H 'Content-Type: application/json' -d '{"id":"u1","email":"ann@example.com","plan":"pro"}' http://127.0.0.1:5090/customers
//   curl -H 'Content-Type: application/json' -d '{"orderId":"0198c0de-0000-7000-8000-000000000001","product":"socks","price":9.90,"seq":1}' \
//     http://127.0.0.1:5090/customers/u1/purchases
//
// For a real workspace, set its SiteId, ApiKey and Region, and no TrackUrl and AppUrl, in appsettings.json or the environment.

using CioOrleans.Client;
using CioOrleans.Samples.CoHosted;
using CioOrleans.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(builder.Configuration.GetValue("Shop:SiloPort", 11_111), gatewayPort: 0)
    .AddCioDispatcher(builder.Configuration.GetSection("Dispatcher")));
builder.Services.AddCioDispatcher();
builder.Services.AddSingleton<CustomerMessages>();

var app = builder.Build();
app.MapPost("/customers", async (Customer customer, CustomerMessages messages) => Answer.To(await messages.SignedUpAsync(customer)));
app.MapPost("/customers/{id}/purchases", async (string id, Purchase purchase, CustomerMessages messages) => Answer.To(await messages.BoughtAsync(id, purchase)));
app.MapDelete("/customers/{id}", async (string id, CustomerMessages messages) => Answer.To(await messages.LeftAsync(id)));
await app.RunAsync();
