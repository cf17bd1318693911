using System.Net;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing.Processes;

namespace CioOrleans.Samples;

/// <summary>The sample, run as its reader would run it, against the sandbox.</summary>
public sealed class ShopTests : IAsyncLifetime
{
    private const int Customers = 10;
    private const int Purchases = 5;

    private SandboxServer _sandbox = null!;

    private DataFolder Data { get; } = new();

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(
        new SandboxOptions { Url = "http://127.0.0.1:0", SiteId = "shop-site", ApiKey = "shop-key", RecordRequests = 1_000 });

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        Data.Dispose();
    }

    [Fact]
    public async Task Whatever_happens_in_the_shop_reaches_customer_io_in_order()
    {
        await using var shop = await Shop.StartAsync(Data, _sandbox.Url);

        await Task.WhenAll(Enumerable.Range(1, Customers).Select(number => LiveAsync(shop, $"u{number}")));
        await _sandbox.WaitForProcessedAsync(Customers * (Purchases + 3));

        var report = _sandbox.Report();
        Assert.Equal(new Dictionary<string, long> { ["200"] = Customers * (Purchases + 3) }, report.ByStatus);
        Assert.Equal(
            (Customers, Customers * Purchases, 0, 0, 0),
            (report.Order.Customers, report.Order.DistinctSeqs, report.Order.MissingSeqs, report.Order.OrderViolations, report.Order.Duplicates));
        Assert.Equal(Customers * (Purchases + 1), report.Order.DistinctEventIds);
        Assert.All(Enumerable.Range(1, Customers), number => Assert.Equal(LifeOf($"u{number}"), RequestsOf($"u{number}")));
    }

    [Fact]
    public async Task A_purchase_that_is_reported_twice_is_delivered_once()
    {
        await using var shop = await Shop.StartAsync(Data, _sandbox.Url);
        var orderId = new Guid("0198c0de-0000-7000-8000-000000000001");

        Assert.Equal(HttpStatusCode.Accepted, (await shop.BuyAsync("u1", orderId, seq: 1)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await shop.BuyAsync("u1", orderId, seq: 1)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await shop.BuyAsync("u1", Guid.NewGuid(), seq: 2)).StatusCode);
        await _sandbox.WaitForProcessedAsync(2);

        var order = _sandbox.Report().Order;
        Assert.Equal((2, 0, 0, 0), (order.DistinctEventIds, order.EventIdDuplicates, order.Duplicates, order.DuplicatesWithAnotherId));
    }

    [Fact]
    public async Task What_the_shop_has_accepted_survives_its_crash()
    {
        _sandbox.Faults = SandboxFaults.None with { Outage = Outage.ServerError };
        await using (var shop = await Shop.StartAsync(Data, _sandbox.Url))
        {
            Assert.Equal(HttpStatusCode.Accepted, (await shop.SignUpAsync("u1")).StatusCode);
            Assert.Equal(HttpStatusCode.Accepted, (await shop.BuyAsync("u1", Guid.NewGuid(), seq: 1)).StatusCode);
            await shop.KillAsync();
        }

        _sandbox.Faults = SandboxFaults.None;
        await using var restarted = await Shop.StartAsync(Data, _sandbox.Url);
        await _sandbox.WaitForProcessedAsync(3);

        Assert.Equal(
            ["PUT /api/v1/customers/u1", "POST /api/v1/customers/u1/events", "POST /api/v1/customers/u1/events"], RequestsOf("u1"));
    }

    [Fact]
    public async Task Wrong_settings_stop_the_start_with_a_line_for_each()
    {
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => Shop.StartAsync(
            Data, _sandbox.Url, ("Dispatcher__Workspaces__shop__AttemptTimeout", "soon"), ("Dispatcher__Workspaces__shop__Retries", "3")));

        Assert.Contains("Dispatcher:Workspaces:shop:AttemptTimeout = 'soon': expected", ended.Message, StringComparison.Ordinal);
        Assert.Contains("Dispatcher:Workspaces:shop:Retries is not a setting", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("WrongSettings", ended.Message, StringComparison.Ordinal);
    }

    private static async Task LiveAsync(Shop shop, string customer)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await shop.SignUpAsync(customer)).StatusCode);
        for (var seq = 1; seq <= Purchases; seq++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await shop.BuyAsync(customer, Guid.NewGuid(), seq)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Accepted, (await shop.LeaveAsync(customer)).StatusCode);
    }

    private static IEnumerable<string> LifeOf(string customer) =>
    [
        $"PUT /api/v1/customers/{customer}",
        .. Enumerable.Repeat($"POST /api/v1/customers/{customer}/events", Purchases + 1),
        $"DELETE /api/v1/customers/{customer}",
    ];

    private IEnumerable<string> RequestsOf(string customer) => _sandbox.Requests
        .Where(request => request.Status == 200)
        .Select(request => $"{request.Method} {request.RawTarget}")
        .Where(line => $"{line}/".Contains($"/customers/{customer}/", StringComparison.Ordinal));
}
