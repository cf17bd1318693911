using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

public sealed class BatchTests
{
    [Fact]
    public void A_backlog_leaves_in_as_few_requests_as_its_size_demands()
    {
        var options = Workload.Options(100);
        options = options with { Settings = options.Settings with { Batching = new BatchingSettings { MaxItems = 500 } } };
        var simulation = new Simulation(options, Seeds.One(1));
        Fill(simulation, calls: 20_000, customers: 4_000);

        var report = simulation.Run();

        Assert.Equal((20_000, 0), (report.Delivered, report.DeadLetters));
        Assert.InRange(report.Arrivals.Count, 40, 42);
    }

    [Fact]
    public void A_call_that_always_fails_takes_nobody_with_it()
    {
        var options = Workload.Options(100) with { Faults = new FaultMix { Poison = 0.002 }, Heartbeat = TimeSpan.FromSeconds(1) };
        var simulation = new Simulation(options, Seeds.One(1));
        Fill(simulation, calls: 5_000, customers: 1_000);

        var report = simulation.Run();

        Assert.NotEqual(0, report.Poison);
        Assert.Equal(report.Poison, report.DeadLetters);
    }

    [Fact]
    public void Nobody_waits_for_company_longer_than_the_linger()
    {
        var linger = TimeSpan.FromMilliseconds(40);
        var options = Workload.Options(100);
        options = options with
        {
            Settings = options.Settings with { Batching = new BatchingSettings { Linger = linger } },
            Hop = TimeSpan.Zero,
            TimerLateness = TimeSpan.Zero,
            Latency = new Latency.Constant(TimeSpan.Zero),
        };
        var simulation = new Simulation(options, Seeds.One(1));
        simulation.Accept(TimeSpan.FromSeconds(10), "c1", LimitClass.Batch);
        simulation.Accept(TimeSpan.FromSeconds(10) + (linger / 2), "c2", LimitClass.Batch);
        simulation.Accept(TimeSpan.FromSeconds(20), "c3", LimitClass.Batch);

        var report = simulation.Run();

        Assert.Equal([TimeSpan.FromSeconds(10) + linger, TimeSpan.FromSeconds(20) + linger], report.Arrivals);
    }

    private static void Fill(Simulation simulation, int calls, int customers)
    {
        for (var call = 0; call < calls; call++)
        {
            simulation.Accept(TimeSpan.Zero, $"c{call % customers}", LimitClass.Batch, CallPriority.Live);
        }
    }
}
