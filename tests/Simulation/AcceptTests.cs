using CioOrleans.Customers;
using CioOrleans.Simulation.Accepts;

namespace CioOrleans.Simulation;

/// <summary>A call whose caller was told 503 is never stored behind calls that were acknowledged since.</summary>
public sealed class AcceptTests
{
    private const int Histories = 400;

    [Fact]
    public void Nobody_who_was_deleted_and_then_identified_ends_deleted_whatever_is_frozen_or_held_up()
    {
        var (givenUp, refused) = (0, 0);
        foreach (var seed in Seeds.Many(Histories))
        {
            var run = new AcceptSimulation(seed, new AcceptRules()).Run();
            (givenUp, refused) = (givenUp + run.GivenUp, refused + run.Refused);
        }

        // The histories hold what the rules are for.
        Assert.True(givenUp > Histories && refused > Histories, $"{givenUp} accepts were given up, {refused} calls came too late.");
    }

    [Fact]
    public void Without_deadlines_somebody_ends_deleted() =>
        AssertFound(new AcceptRules { GrainRefuses = (_, _) => false, DatabaseRefuses = (_, _) => false });

    /// <summary>
    /// A silo may be frozen between the numbering of calls and their commit. Its first calls are refused, since a newer activation has used their numbers, and one behind them is
    /// not. So the database must look at the deadline too. A machine that was suspended does not know how late it is; the database does.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_only_the_grain_looks_at_the_deadline_somebody_ends_deleted(bool suspends) => AssertFound(new AcceptRules { DatabaseRefuses = (_, _) => false }, suspends);

    [Fact]
    public void Where_a_caller_answers_when_the_deadline_may_have_passed_somebody_ends_deleted() =>
        AssertFound(new AcceptRules { CallerGivesUp = (deadline, now) => deadline.MayHavePassed(now) });

    [Fact]
    public void Where_a_caller_answers_before_the_deadline_somebody_ends_deleted() =>
        AssertFound(new AcceptRules { CallerGivesUp = (deadline, now) => new AcceptDeadline(deadline.At - TimeSpan.FromSeconds(1)).HasPassed(now) });

    private static void AssertFound(AcceptRules rules, bool suspends = true) => Assert.Contains(
        "ends deleted",
        Assert.Throws<SimulationFailedException>(() =>
        {
            foreach (var seed in Seeds.Many(5 * Histories))
            {
                new AcceptSimulation(seed, rules, suspends).Run();
            }
        }).Message,
        StringComparison.Ordinal);
}
