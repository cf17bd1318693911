using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>What several tests have in common.</summary>
internal static class Workload
{
    /// <summary>10 ms plus an exponential, 20 ms in the mean, 60 ms at most.</summary>
    public static readonly Latency Usual = new Latency.Exponential(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60));

    public static SimulationOptions Options(int permits, TokenReturn mode = TokenReturn.AfterResponse) => new()
    {
        Settings = SimulationOptions.Workspace(new RateLimit(permits, TimeSpan.FromSeconds(1)), mode, maxConcurrency: 256),
        Latency = Usual,
        Excess = mode == TokenReturn.AfterResponse ? 0 : permits / 50,
    };

    /// <summary>All calls at once, spread evenly over the customers, identify and track in turn.</summary>
    public static Simulation Burst(this Simulation simulation, int calls, int customers)
    {
        for (var call = 0; call < calls; call++)
        {
            simulation.Accept(TimeSpan.Zero, $"c{call % customers}", call / customers % 2 == 0 ? LimitClass.Identify : LimitClass.Track);
        }

        return simulation;
    }

    /// <summary>One customer gets many calls at once.</summary>
    public static Simulation Backlog(this Simulation simulation, string customer, int calls, TimeSpan at, CallPriority priority = CallPriority.Live)
    {
        for (var call = 0; call < calls; call++)
        {
            simulation.Accept(at, customer, priority: priority);
        }

        return simulation;
    }
}
