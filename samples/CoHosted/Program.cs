// A shop that tells Customer.io about its customers through the dispatcher, which runs in the shop's own process. There is no HTTP
// between the two, and what the shop was told is accepted is on its own disk. README.md says how to run it.

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
