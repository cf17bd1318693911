using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

public sealed class OutageTests
{
    private static readonly TimeSpan _start = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _end = _start + TimeSpan.FromHours(1);

    public static TheoryData<object> Kinds => [OutageKind.Errors, OutageKind.BlackHole, OutageKind.Unreachable];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_hours_outage_makes_no_dead_letter_and_delivery_goes_on_within_five_seconds_of_its_end(object kind)
    {
        var report = Run((OutageKind)kind, customers: 300, between: TimeSpan.FromMilliseconds(50));

        Assert.Equal(0, report.DeadLetters);
        AssertGoesOn(report);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_outage_of_a_quiet_workspace_makes_no_dead_letter_either(object kind) =>
        Assert.Equal(0, Run((OutageKind)kind, customers: 5, between: TimeSpan.FromSeconds(20)).DeadLetters);

    [Fact]
    public void An_outage_makes_no_dead_letter_where_the_owner_restarts_in_it()
    {
        var report = Run(OutageKind.Errors, customers: 300, between: TimeSpan.FromMilliseconds(50), restarts: TimeSpan.FromMinutes(10));

        Assert.Equal(0, report.DeadLetters);
    }

    [Fact]
    public void A_wrong_key_makes_no_dead_letter_and_delivery_goes_on_within_a_minute_of_its_correction()
    {
        var report = Run(OutageKind.WrongKey, customers: 300, between: TimeSpan.FromMilliseconds(50));

        Assert.Equal(0, report.DeadLetters);
        Assert.True(report.Arrivals.Count(a => a > _start && a < _end) < 200);
        Assert.True(report.Rate(_end + TimeSpan.FromSeconds(61), _end + TimeSpan.FromSeconds(66)) > 90);
    }

    private static SimulationReport Run(OutageKind kind, int customers, TimeSpan between, TimeSpan? restarts = null)
    {
        var faults = new FaultMix { Outages = [new Outage(_start, _end, kind)], Restarts = restarts };
        var simulation = new Simulation(Workload.Options(100) with { Faults = faults }, Seeds.One(1));
        var until = _end + TimeSpan.FromMinutes(1);
        simulation.AcceptSteadily((int)(until / between), until, call => ($"c{call % customers}", LimitClass.Track, CallPriority.Live));
        return simulation.Run();
    }

    private static void AssertGoesOn(SimulationReport report)
    {
        // A probe alone is no delivery: the whole stream has to flow.
        var flowing = report.Rate(_end + TimeSpan.FromSeconds(4), _end + TimeSpan.FromSeconds(5));
        Assert.True(flowing > 90, $"{flowing} arrivals per second");
    }
}
