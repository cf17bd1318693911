using System.Diagnostics;
using System.Globalization;
using CioOrleans.Attempts;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// How many requests one owner grants in a second. First the rules alone, on one thread. Then a whole process that delivers waiting calls of Track v1 one by one with the limit out of the way:
/// rules, messages between grains, HTTP, and the commit of each delivery. The sandbox answers at once and shares the processors.
/// </summary>
internal sealed class OwnerScenario(int calls, int customers, int rounds, Deployment deployment) : IScenario
{
    /// <summary>Customer.io's recommendation for the Track API, in requests a second.</summary>
    private const double Published = 1_000;

    private const int RuleGrants = 3_000_000;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"owner, {deployment}, {calls:#,0} waiting calls of {customers:#,0} customers"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        var rules = GrantByTheRules();
        _report.AtLeast("grants by the rules alone, on one thread", 1 / rules.TotalSeconds, Published, "/s", Published);
        _report.Tell("a grant and its outcome by the rules alone", string.Create(CultureInfo.InvariantCulture, $"{rules.TotalMicroseconds:0.00} µs"));

        await using var sandbox = await SandboxProcess.StartAsync(new SandboxSetup(null, HasLatency: false), stop);
        await using var site = await DispatcherSite.StartAsync(deployment, sandbox.Url, "100000/1s");
        await using var dispatcher = await DispatcherProcess.StartAsync(site, DispatcherHost.Product, stop);
        for (var round = 1; round <= rounds; round++)
        {
            await dispatcher.PauseAsync(stop);
            await LoadProcess.FillAsync(dispatcher.Url, customers, calls, connections: 64, stop);
            var (began, cpu, costs) = (Stopwatch.GetTimestamp(), dispatcher.ProcessorTime, await site.CostsAsync(stop));
            await dispatcher.ResumeAsync(stop);
            await dispatcher.WaitUntilEmptyAsync($"round {round}: delivering", stop);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            _report.AtLeast($"round {round}: deliveries, each with a grant of its own", calls / seconds, Published, "/s", Published);
            _report.Tell($"round {round}: processor time a delivery", Microseconds(dispatcher.ProcessorTime - cpu));
            if (deployment != Deployment.Sqlite)
            {
                var used = await site.CostsAsync(stop);
                _report.Tell($"round {round}: processor time of PostgreSQL a delivery", Microseconds(used.Database - costs.Database));
                _report.Tell($"round {round}: log of PostgreSQL a delivery", string.Create(CultureInfo.InvariantCulture, $"{(double)(used.LogBytes - costs.LogBytes) / calls:0} bytes"));
            }
        }

        return _report;
    }

    private string Microseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds / calls:0.0} µs");

    /// <summary>The time of one grant with its outcome, while every customer has work and the concurrency is used up.</summary>
    private TimeSpan GrantByTheRules()
    {
        const int concurrency = 64;
        var limit = new RateLimit(int.MaxValue / 2, _window);
        var settings = new WorkspaceSettings
        {
            Name = "acme",
            SiteId = DispatcherProcess.SiteId,
            ApiKey = DispatcherProcess.ApiKey,
            TrackUrl = new Uri("http://127.0.0.1:1"),
            AppUrl = new Uri("http://127.0.0.1:1"),
            LimitGroups = [new LimitGroupSettings([.. Enum.GetValues<LimitClass>()], [limit])],
            MaxConcurrency = concurrency,
        };
        var scheduler = new WorkspaceScheduler(settings, TimeProvider.System, new Random(1));
        scheduler.Start(TimeSpan.Zero);
        var head = HeadState.Of(LimitClass.Track);
        for (var customer = 0; customer < customers; customer++)
        {
            scheduler.OnWork(CallText.Customer(customer), head);
        }

        // The buckets fill one window after the start.
        SpinWait.SpinUntil(() => scheduler.NextGrantIn() == TimeSpan.Zero, 2 * _window);
        var inFlight = new Queue<string>();
        GrantMany(RuleGrants / 10);
        var began = Stopwatch.GetTimestamp();
        GrantMany(RuleGrants);
        return Stopwatch.GetElapsedTime(began) / RuleGrants;

        void GrantMany(int count)
        {
            for (var granted = 0; granted < count;)
            {
                if (scheduler.TryGrant() is Grant.ToCustomer grant)
                {
                    inFlight.Enqueue(grant.Customer);
                    granted++;
                }
                else
                {
                    scheduler.OnOutcome(inFlight.Dequeue(), new DeliveryOutcome.Delivered(head));
                }
            }
        }
    }
}
