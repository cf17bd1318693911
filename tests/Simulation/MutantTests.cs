using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

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
        AssertExceedsLimit(limit => new ForgetfulTokenBucket(limit), permits: 3, window: TimeSpan.FromSeconds(10));

    /// <summary>What is given up and closed in good order is transmitted again, minutes later.</summary>
    [Fact]
    public void A_connection_that_is_not_reset_lets_a_call_arrive_behind_later_ones() =>
        AssertBreaksOrder(options => options with { ResetsConnections = false, Excess = null });

    [Fact]
    public void A_customer_that_does_not_wait_a_packet_life_after_a_reset_lets_a_call_arrive_behind_later_ones() =>
        AssertBreaksOrder(options => options with { ResetWait = TimeSpan.Zero, Excess = null });

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void A_token_that_counts_from_the_reset_lets_too_many_arrive(int permits)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => RunWithLosses(permits, options => options with { TokensCountFromReset = true }));
        Assert.Contains($"{permits + 1} requests arrived within a window of a limit of {permits}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void The_same_losses_break_nothing_where_connections_are_reset_and_a_packet_life_is_waited(int permits) =>
        Assert.InRange(RunWithLosses(permits, options => options).MostInWindow, 1, permits);

    /// <summary>A silo that leaves passes a grain call on; the owner takes it for ended, because the silo had let its deliveries end.</summary>
    [Fact]
    public void A_token_that_does_not_wait_for_a_call_that_was_passed_on_lets_too_many_arrive()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => RunPassingOn(options => options with { TokensForgetWhatWasPassedOn = true }, Seeds.One(1)));
        Assert.Contains("11 requests arrived within a window of a limit of 10", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_calls_that_are_passed_on_break_nothing_where_their_tokens_wait_through_hand_overs_and_crashes_too()
    {
        foreach (var seed in Seeds.Many(20))
        {
            Assert.InRange(RunPassingOn(options => options, seed).MostInWindow, 1, 10);
        }
    }

    [Fact]
    public void A_batch_that_was_passed_on_and_is_taken_for_ended_breaks_a_promise()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => RunPassingOnBatches(options => options with { BatchesForgetWhatWasPassedOn = true }, Seeds.One(1)));
        Assert.Matches("two requests on their way|requests arrived within a window", failure.Message);
    }

    [Fact]
    public void The_same_batches_that_are_passed_on_break_nothing_where_everybody_waits_for_their_end()
    {
        foreach (var seed in Seeds.Many(20))
        {
            Assert.Equal(0, RunPassingOnBatches(options => options, seed).DeadLetters);
        }
    }

    /// <summary>A batch holds the head while its grain is free; a permit that a leaving silo passed on arrives then.</summary>
    [Fact]
    public void A_customer_that_carries_out_a_permit_although_a_later_one_came_before_sends_a_head_twice_at_once() => Assert.Contains(
        "has two requests on their way",
        Assert.Throws<SimulationFailedException>(() =>
        {
            foreach (var seed in Seeds.Many(40))
            {
                FaultMixes.Draw(seed, options => options with { CarriesOutOvertakenPermits = true, LeasesEndEarly = true }).Run();
            }
        }).Message,
        StringComparison.Ordinal);

    /// <summary>A call that cannot be written as a request says nothing about its host: taken for a host that is down, it waits for ever, and all calls behind it.</summary>
    [Fact]
    public void A_call_that_can_never_leave_and_is_taken_for_unreachable_is_never_settled()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => RunWithUnsendable(options => options with { TakesUnsendableForUnreachable = true }));
        Assert.Contains("calls were never delivered", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_calls_that_can_never_leave_become_dead_letters_at_once_and_no_host_is_taken_for_down()
    {
        var report = RunWithUnsendable(options => options);

        Assert.NotEqual(0, report.Unsendable);
        Assert.Equal((report.Unsendable, 0), (report.DeadLetters, report.Status.Counters.Outages));
        Assert.InRange(report.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    /// <summary>Two groups change places, or become one: a successor that goes by the place of a group gives its classes the free tokens of others.</summary>
    [Fact]
    public void A_hand_over_that_matches_limit_groups_by_their_place_lets_too_many_arrive()
    {
        var failures = Seeds.Many(20).Select(seed => Record.Exception(() => Regrouping(seed, ByPlace).Run())).OfType<SimulationFailedException>();

        Assert.Contains(failures, failure => failure.Message.Contains("requests arrived within a window of a limit of 3", StringComparison.Ordinal));

        static IReadOnlyList<LimitSchedule> ByPlace(IReadOnlyList<LimitSchedule> schedules, IReadOnlyList<LimitGroupSettings> groups) =>
            [.. schedules.Select((schedule, place) => schedule with { Classes = place < groups.Count ? [.. groups[place].Classes.Select(c => c.ToName()).Order(StringComparer.Ordinal)] : [] })];
    }

    [Fact]
    public void The_same_changes_of_limit_groups_keep_the_limit_where_a_hand_over_matches_classes()
    {
        foreach (var seed in Seeds.Many(50))
        {
            Regrouping(seed, (schedules, _) => schedules).Run();
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void The_same_run_with_the_real_bucket_keeps_the_limit(int permits) =>
        Assert.Equal(permits, Run(limit => new TokenBucket(limit, TokenReturn.AfterResponse), permits).MostInWindow);

    private static void AssertExceedsLimit(Func<RateLimit, ITokenBucket> newBucket, int permits = 100, TimeSpan? window = null)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Run(newBucket, permits, window));
        Assert.Contains($"{permits + 1} requests arrived within a window of a limit of {permits}", failure.Message, StringComparison.Ordinal);
    }

    private static Simulation Regrouping(int seed, Func<IReadOnlyList<LimitSchedule>, IReadOnlyList<LimitGroupSettings>, IReadOnlyList<LimitSchedule>> handOver)
    {
        const int permits = 3;
        IReadOnlyList<RateLimit> limits = [new RateLimit(permits, TimeSpan.FromSeconds(1))];
        LimitClass[] others = [.. Enum.GetValues<LimitClass>().Where(c => c > LimitClass.Track)];
        IReadOnlyList<LimitGroupSettings>[] groupings =
        [
            [new([LimitClass.Identify], limits), new([LimitClass.Track], limits), new(others, limits)],
            [new([LimitClass.Track], limits), new([LimitClass.Identify], limits), new(others, limits)],
            [new([LimitClass.Identify, LimitClass.Track], limits), new(others, limits)],
            [new(others, limits), new([LimitClass.Identify, LimitClass.Track], limits)],
        ];
        var usual = Workload.Options(permits);
        var options = usual with
        {
            Settings = usual.Settings with { AttemptTimeout = TimeSpan.FromMilliseconds(200), LimitGroups = groupings[0] },
            Faults = new FaultMix { Restarts = TimeSpan.FromSeconds(2), Orderly = 0.9 },
            Regroup = random => groupings[random.Next(groupings.Length)],
            HandOver = handOver,
        };
        var simulation = new Simulation(options, seed);
        for (var call = 0; call < 200; call++)
        {
            simulation.Accept(TimeSpan.Zero, $"c{call % 60}", call % 2 == 0 ? LimitClass.Identify : LimitClass.Track);
        }

        return simulation;
    }

    private static void AssertBreaksOrder(Func<SimulationOptions, SimulationOptions> mutate)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => RunWithLosses(permits: 100, mutate, customers: 20));
        Assert.Matches(@"call \d+ of c\d+ arrived after \d+", failure.Message);
    }

    private static SimulationReport RunWithLosses(int permits, Func<SimulationOptions, SimulationOptions> mutate, int? customers = null)
    {
        var usual = Workload.Options(permits);
        var options = usual with
        {
            Settings = usual.Settings with { AttemptTimeout = TimeSpan.FromSeconds(1), Retry = usual.Settings.Retry with { BaseDelay = TimeSpan.FromMilliseconds(100) } },
            Faults = new FaultMix { Broken = 0.1, Late = 0.5, Outages = [new Outage(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8), OutageKind.Loss)] },
            Heartbeat = TimeSpan.FromSeconds(1),
        };
        return new Simulation(mutate(options), Seeds.One(1)).Burst(calls: 30 * permits, customers ?? (3 * permits)).Run();
    }

    private static SimulationReport RunPassingOn(Func<SimulationOptions, SimulationOptions> mutate, int seed)
    {
        var usual = Workload.Options(permits: 10);
        var options = usual with
        {
            Settings = usual.Settings with { AttemptTimeout = TimeSpan.FromSeconds(1) },
            Faults = new FaultMix { PassedOn = 0.2, Restarts = TimeSpan.FromSeconds(20), Orderly = 0.7 },
        };
        return new Simulation(mutate(options), seed).Burst(calls: 600, customers: 60).Run();
    }

    private static SimulationReport RunPassingOnBatches(Func<SimulationOptions, SimulationOptions> mutate, int seed)
    {
        var usual = Workload.Options(permits: 10);
        var options = usual with
        {
            Settings = usual.Settings with { AttemptTimeout = TimeSpan.FromSeconds(1), Batching = new BatchingSettings { MaxItems = 5 } },
            Faults = new FaultMix { PassedOn = 0.2, Restarts = TimeSpan.FromSeconds(20), Orderly = 0.7 },
        };
        var simulation = new Simulation(mutate(options), seed);
        for (var call = 0; call < 2_000; call++)
        {
            simulation.Accept(TimeSpan.Zero, $"c{call % 100}", LimitClass.Batch);
        }

        return simulation.Run();
    }

    private static SimulationReport RunWithUnsendable(Func<SimulationOptions, SimulationOptions> mutate)
    {
        var options = Workload.Options(permits: 100) with { Faults = new FaultMix { Unsendable = 0.2 }, Deadline = TimeSpan.FromMinutes(10) };
        return new Simulation(mutate(options), Seeds.One(1)).Burst(calls: 1_000, customers: 60).Run();
    }

    /// <param name="newBucket">The bucket under test.</param>
    /// <param name="permits">The limit.</param>
    /// <param name="window">Its window (default: 1 s). A successor is quiet until its predecessor's requests have ended: a shorter window is over by then.</param>
    private static SimulationReport Run(Func<RateLimit, ITokenBucket> newBucket, int permits, TimeSpan? window = null)
    {
        var options = Workload.Options(permits) with
        {
            Settings = SimulationOptions.Workspace(new RateLimit(permits, window ?? TimeSpan.FromSeconds(1)), maxConcurrency: 256) with
            {
                AttemptTimeout = TimeSpan.FromMilliseconds(200),
            },
            NewBucket = newBucket,
            Faults = new FaultMix { Restarts = TimeSpan.FromSeconds(5) },
        };
        return new Simulation(options, Seeds.One(1)).Burst(calls: 60 * permits, customers: 3 * permits).Run();
    }
}
