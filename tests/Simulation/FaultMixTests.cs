namespace CioOrleans.Simulation;

public sealed class FaultMixTests
{
    [Fact]
    public void Every_promise_is_kept_under_every_mix_of_faults()
    {
        foreach (var seed in Seeds.Many(200))
        {
            FaultMixes.Draw(seed).Run();
        }
    }

    [Fact]
    public void The_mixes_bring_about_restarts_outages_429s_repeats_and_dead_letters()
    {
        var reports = Enumerable.Range(1, 40).Select(seed => FaultMixes.Draw(seed).Run()).ToList();

        Assert.Contains(reports, r => r.Restarts > 0);
        Assert.Contains(reports, r => r.Status.Counters.Outages > 0);
        Assert.Contains(reports, r => r.Status.Counters.Throttled > 0);
        Assert.Contains(reports, r => r.Status.Counters.IgnoredHeaders > 0);
        Assert.Contains(reports, r => r.Repeats > 0);
        Assert.Contains(reports, r => r.DeadLetters > 0);
        Assert.Contains(reports, r => r.Discarded > 0);
        Assert.Contains(reports, r => r.Unsendable > 0);
        Assert.Contains(reports, r => r.Replayed > 0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var (one, other) = (FaultMixes.Draw(Seeds.One(5)).Run(), FaultMixes.Draw(Seeds.One(5)).Run());

        Assert.Equal(one.Arrivals, other.Arrivals);
    }

    [Fact]
    public void A_failing_run_names_its_seed_and_how_to_repeat_it()
    {
        var failure = Assert.Throws<SimulationFailedException>(() =>
            new Simulation(Workload.Options(100) with { Deadline = TimeSpan.FromSeconds(3) }, seed: 42).Burst(calls: 1_000, customers: 10).Run());

        Assert.StartsWith("seed 42 at ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(repeat with CIO_SEED=42 dotnet test tests/Simulation)", failure.Message, StringComparison.Ordinal);
    }
}
