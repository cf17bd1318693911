using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

public sealed class MillionTests
{
    [Fact]
    public void A_million_calls_of_ten_thousand_customers_keep_every_promise()
    {
        var seed = Seeds.One(1);
        var random = new Random(seed);
        var options = Workload.Options(3_000) with
        {
            Latency = new Latency.WithStalls(Workload.Usual, 0.0001, TimeSpan.FromSeconds(5)),
            Faults = new FaultMix
            {
                Error = 0.01,
                Poison = 0.00001,
                Refused = 0.001,
                Unsendable = 0.0001,
                Silent = 0.0001,
                Reset = 0.001,
                Broken = 0.001,
                Late = 0.5,
                Throttled = 0.000002,
                Unused = 0.001,
                LostCall = 0.0005,
                PassedOn = 0.0001,
                LostHint = 0.01,
                Restarts = TimeSpan.FromMinutes(2),
                Replays = TimeSpan.FromSeconds(10),
                Outages =
                [
                    new Outage(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(90), OutageKind.Loss),
                    new Outage(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4), OutageKind.BlackHole),
                ],
            },
            Heartbeat = TimeSpan.FromSeconds(1),
        };
        var simulation = new Simulation(options, seed);
        simulation.AcceptSteadily(1_000_000, TimeSpan.FromSeconds(300), call =>
            ($"c{random.Next(10_000)}", random.OneOf(LimitClass.Identify, LimitClass.Track), call % 4 == 0 ? CallPriority.Bulk : CallPriority.Live));

        var report = simulation.Run();

        Assert.InRange(report.Delivered + report.DeadLetters, 1_000_000, long.MaxValue);
        Assert.InRange(report.MostInWindow, 2_900, 3_000);
    }
}
