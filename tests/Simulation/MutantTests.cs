using CioOrleans.RateLimiting;

namespace CioOrleans.Simulation;

/// <summary>The simulation's checks are sharp: with a broken rule it fails.</summary>
public sealed class MutantTests
{
    private static readonly FaultMix _restarts = new() { Restarts = TimeSpan.FromSeconds(5) };

    [Fact]
    public void A_textbook_token_bucket_lets_too_many_arrive() => AssertExceedsLimit(limit => new TextbookTokenBucket(limit));

    [Fact]
    public void A_token_that_comes_back_a_window_after_its_sending_lets_too_many_arrive() => AssertExceedsLimit(limit => new EarlyTokenBucket(limit));

    [Fact]
    public void An_owner_that_does_not_wait_for_its_predecessors_window_lets_too_many_arrive() =>
        AssertExceedsLimit(limit => new ForgetfulTokenBucket(limit), _restarts);

    [Fact]
    public void The_same_run_with_the_real_bucket_keeps_the_limit() =>
        Run(limit => new TokenBucket(limit, TokenReturn.AfterResponse), _restarts);

    private static void AssertExceedsLimit(Func<RateLimit, ITokenBucket> newBucket, FaultMix? faults = null)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Run(newBucket, faults ?? new FaultMix()));
        Assert.Contains("101 requests arrived within a window of a limit of 100", failure.Message, StringComparison.Ordinal);
    }

    private static void Run(Func<RateLimit, ITokenBucket> newBucket, FaultMix faults)
    {
        var usual = Workload.Options(100);
        var options = usual with
        {
            // A longer time-out would keep a successor quiet for more than a window anyway.
            Settings = usual.Settings with { AttemptTimeout = TimeSpan.FromMilliseconds(200) },
            NewBucket = newBucket,
            Faults = faults,
        };
        new Simulation(options, Seeds.One(1)).Burst(calls: 6_000, customers: 300).Run();
    }
}
