using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>A small workspace with whatever can go wrong, all of it drawn from the seed.</summary>
internal static class FaultMixes
{
    public static Simulation Draw(int seed, Func<SimulationOptions, SimulationOptions>? change = null)
    {
        var random = new Random(seed);
        var options = Options(random);
        var simulation = new Simulation(change?.Invoke(options) ?? options, seed);
        var customers = random.Next(1, 60);
        for (var call = random.Next(20, 600); call > 0; call--)
        {
            // Half of the calls are there at the start, the others trickle in.
            var at = random.Happens(0.5) ? TimeSpan.Zero : random.UpTo(TimeSpan.FromSeconds(60));
            var customer = $"c{(int)(customers * Math.Pow(random.NextDouble(), 2))}";
            simulation.Accept(at, customer, random.OneOf(LimitClass.Identify, LimitClass.Track, LimitClass.Page), random.OneOf(CallPriority.Live, CallPriority.Bulk));
        }

        // Together or not: the same customers have calls of both ways.
        for (var call = random.Happens(0.5) ? random.Next(600) : 0; call > 0; call--)
        {
            simulation.Accept(random.UpTo(TimeSpan.FromSeconds(60)), $"c{random.Next(customers)}", LimitClass.Batch, random.OneOf(CallPriority.Live, CallPriority.Bulk));
        }

        // Calls for the other hosts, of the same customers.
        for (var call = random.Happens(0.5) ? random.Next(300) : 0; call > 0; call--)
        {
            simulation.Accept(
                random.UpTo(TimeSpan.FromSeconds(60)), $"c{random.Next(customers)}", random.OneOf(LimitClass.Pipelines, LimitClass.TransactionalEmail), random.OneOf(CallPriority.Live, CallPriority.Bulk));
        }

        for (var forwarded = random.Next(20); forwarded > 0; forwarded--)
        {
            simulation.PassThrough(random.UpTo(TimeSpan.FromSeconds(60)), random.OneOf(LimitClass.Query, LimitClass.TransactionalPush, LimitClass.Identify, LimitClass.Batch), TimeSpan.FromSeconds(2));
        }

        return simulation;
    }

    private static SimulationOptions Options(Random random)
    {
        var limit = new RateLimit(random.OneOf(1, 3, 10, 50, 100), random.OneOf(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));
        IReadOnlyList<RateLimit> limits = random.Happens(0.3) ? [limit, new RateLimit(limit.Permits * 2, limit.Window * 3)] : [limit];
        var mode = random.Happens(0.8) ? TokenReturn.AfterResponse : TokenReturn.AfterSend;
        var maxConcurrency = random.OneOf(2, 16, 64);
        var settings = SimulationOptions.Workspace(limits, mode, maxConcurrency) with
        {
            LimitGroups = random.Happens(0.5) ? SimulationOptions.Workspace(limits, mode, maxConcurrency).LimitGroups : SimulationOptions.LimitPerHost(limit, maxConcurrency).LimitGroups,
            Batching = new BatchingSettings
            {
                Mode = random.OneOf(BatchingMode.V2Only, BatchingMode.V2Only, BatchingMode.Off),
                MaxItems = random.OneOf(1, 2, 10, 1_000),
                Linger = random.OneOf(TimeSpan.Zero, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50)),
            },
            AttemptTimeout = random.OneOf(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)),
        };

        IReadOnlyList<LimitGroupSettings>[] groupings =
        [
            SimulationOptions.Workspace(limits, mode, maxConcurrency).LimitGroups,
            [.. SimulationOptions.LimitPerHost(limit, maxConcurrency).LimitGroups.Select(group => group with { Limits = limits })],
            settings.LimitGroups,
        ];
        return new SimulationOptions
        {
            Settings = settings,
            Regroup = random.Happens(0.3) ? draw => groupings[draw.Next(groupings.Length)] : null,
            Latency = DrawLatency(random),
            Faults = DrawFaults(random, leastLife: limits[^1].Window + RequestEnd.Longest(settings.AttemptTimeout)),
            Heartbeat = TimeSpan.FromSeconds(1) + (limits.Max(l => l.Window / l.Permits) * 5),
            Excess = mode == TokenReturn.AfterResponse ? 0 : null,
        };
    }

    private static Latency DrawLatency(Random random)
    {
        var median = random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(80));
        Latency usual = random.Next(3) switch
        {
            0 => new Latency.Constant(median),
            1 => new Latency.Exponential(median / 2, median, median * 3),
            _ => new Latency.LogNormal(median, 0.2 + random.NextDouble()),
        };
        return random.Happens(0.5) ? new Latency.WithStalls(usual, 0.02, TimeSpan.FromSeconds(5)) : usual;
    }

    /// <param name="random">Draws.</param>
    /// <param name="leastLife">An owner that lives shorter can send nothing.</param>
    private static FaultMix DrawFaults(Random random, TimeSpan leastLife) => new()
    {
        Error = Maybe(random, 0.2),
        Poison = Maybe(random, 0.02),
        Refused = Maybe(random, 0.05),
        Unsendable = Maybe(random, 0.05),
        Silent = Maybe(random, 0.05),
        Reset = Maybe(random, 0.1),
        Broken = Maybe(random, 0.1),
        Late = random.NextDouble(),
        Throttled = Maybe(random, 0.02),
        Unused = Maybe(random, 0.1),
        LostCall = Maybe(random, 0.05),
        PassedOn = Maybe(random, 0.05),
        LostHint = Maybe(random, 0.5),
        Merge = Maybe(random, 0.05),
        Restarts = random.Happens(0.5) ? random.Between(leastLife * 3, leastLife * 20) : null,
        Discards = random.Happens(0.3) ? random.Between(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20)) : null,
        Orderly = random.OneOf(0.2, 0.5, 1),
        Replays = random.Happens(0.3) ? random.Between(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20)) : null,
        Outages = [.. Enumerable.Range(0, random.Next(4)).Select(_ => DrawOutage(random))],
    };

    private static Outage DrawOutage(Random random)
    {
        var start = random.UpTo(TimeSpan.FromSeconds(60));
        var kind = random.OneOf(OutageKind.Errors, OutageKind.BlackHole, OutageKind.Loss, OutageKind.Unreachable, OutageKind.WrongKey);
        UpstreamHost? host = random.Happens(0.7) ? random.OneOf(UpstreamHost.Track, UpstreamHost.App, UpstreamHost.Pipelines) : null;
        return new Outage(start, start + random.UpTo(TimeSpan.FromMinutes(2)), kind, host);
    }

    private static double Maybe(Random random, double most) => random.Happens(0.5) ? most * random.NextDouble() : 0;
}
