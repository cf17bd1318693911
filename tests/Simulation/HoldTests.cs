namespace CioOrleans.Simulation;

public sealed class HoldTests
{
    [Fact]
    public void Queues_that_dead_letters_hold_keep_every_promise_under_every_mix_of_faults()
    {
        foreach (var seed in Seeds.Many(150))
        {
            Draw(seed).Run();
        }
    }

    [Fact]
    public void The_mixes_hold_queues_and_end_that_in_every_way()
    {
        var reports = Enumerable.Range(1, 30).Select(seed => Draw(seed).Run()).ToList();

        Assert.True(reports.Sum(report => report.Holds) > 300, $"{reports.Sum(report => report.Holds)} holds");
        Assert.All(["replay", "discard", "policy"], how => Assert.Contains(reports, report => report.HoldsEnded.ContainsKey(how)));
        Assert.Contains(reports, report => report.Restarts > 0);
    }

    [Fact]
    public void A_customer_that_goes_on_behind_its_hold_breaks_the_order()
    {
        var failure = Assert.Throws<SimulationFailedException>(() =>
        {
            foreach (var seed in Seeds.Many(30))
            {
                Draw(seed, options => options with { GoesOnBehindHolds = true }).Run();
            }
        });
        Assert.Contains(" arrived after ", failure.Message, StringComparison.Ordinal);
    }

    private static Simulation Draw(int seed, Func<SimulationOptions, SimulationOptions>? change = null)
    {
        var random = new Random(seed);
        return FaultMixes.Draw(seed, options => (change ?? (same => same))(options with
        {
            Holds = true,
            Faults = options.Faults with
            {
                Refused = 0.02 + (0.1 * random.NextDouble()),
                Replays = random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5)),
                PolicyChanges = random.Happens(0.5) ? random.Between(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2)) : null,
            },
        }));
    }
}
