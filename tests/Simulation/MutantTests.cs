using CioOrleans.RateLimiting;

namespace CioOrleans.Simulation;

/// <summary>The simulation's checks are sharp: with a broken rule it fails.</summary>
public sealed class MutantTests
{
    [Fact]
    public void A_textbook_token_bucket_lets_too_many_arrive() => AssertExceedsLimit(limit => new TextbookTokenBucket(limit));

    [Fact]
    public void A_token_that_comes_back_a_window_after_its_sending_lets_too_many_arrive() => AssertExceedsLimit(limit => new EarlyTokenBucket(limit));

    /// <summary>With few permits: the pacer hides this from a wide limit, since two paced streams one behind the other make one paced stream.</summary>
    [Fact]
    public void An_owner_that_does_not_wait_for_its_predecessors_window_lets_too_many_arrive() =>
        AssertExceedsLimit(limit => new ForgetfulTokenBucket(limit), permits: 3);

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void The_same_run_with_the_real_bucket_keeps_the_limit(int permits) =>
        Assert.Equal(permits, Run(limit => new TokenBucket(limit, TokenReturn.AfterResponse), permits).MostInWindow);

    private static void AssertExceedsLimit(Func<RateLimit, ITokenBucket> newBucket, int permits = 100)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Run(newBucket, permits));
        Assert.Contains($"{permits + 1} requests arrived within a window of a limit of {permits}", failure.Message, StringComparison.Ordinal);
    }

    private static SimulationReport Run(Func<RateLimit, ITokenBucket> newBucket, int permits)
    {
        var usual = Workload.Options(permits);
        var options = usual with
        {
            // A longer time-out would keep a successor quiet for more than a window anyway.
            Settings = usual.Settings with { AttemptTimeout = TimeSpan.FromMilliseconds(200) },
            NewBucket = newBucket,
            Faults = new FaultMix { Restarts = TimeSpan.FromSeconds(5) },
        };
        return new Simulation(options, Seeds.One(1)).Burst(calls: 60 * permits, customers: 3 * permits).Run();
    }
}
