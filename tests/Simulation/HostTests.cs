using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Grains.Retry;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>A host that is down stops nothing but itself.</summary>
public sealed class HostTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _start = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan _end = TimeSpan.FromSeconds(100);

    public static TheoryData<object, object> Failures
    {
        get
        {
            var failures = new TheoryData<object, object>();
            foreach (var host in UpstreamHosts.All)
            {
                foreach (var kind in Enum.GetValues<OutageKind>())
                {
                    failures.Add(host, kind);
                }
            }

            return failures;
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void While_one_host_fails_the_calls_to_the_others_keep_nine_tenths_of_their_rate(object host, object kind)
    {
        foreach (var seed in Seeds.Many(3))
        {
            var (before, during, deadLetters) = Run(seed, (UpstreamHost)host, (OutageKind)kind);

            foreach (var other in UpstreamHosts.All.Where(other => other != (UpstreamHost)host))
            {
                output.WriteLine($"seed {seed}: {other} {before[other]:0.0} a second before, {during[other]:0.0} in the worst five seconds");
                Assert.True(during[other] >= 0.9 * before[other], $"seed {seed}: {other} fell from {before[other]:0.0} to {during[other]:0.0} a second");
            }

            Assert.Equal(0, deadLetters);
        }
    }

    [Fact]
    public void With_one_health_for_all_hosts_a_wrong_key_of_one_stops_the_others()
    {
        var (before, during, _) = Run(Seeds.One(1), UpstreamHost.App, OutageKind.WrongKey, options => options with
        {
            NewHealth = () =>
            {
                var shared = new HostHealth(options.Settings.AttemptTimeout);
                return _ => shared;
            },
        });

        Assert.True(during[UpstreamHost.Track] < 0.5 * before[UpstreamHost.Track], $"{during[UpstreamHost.Track]:0.0} a second");
    }

    [Fact]
    public void With_one_concurrency_for_all_hosts_one_that_hangs_takes_the_others_slots()
    {
        var (before, during, _) = Run(Seeds.One(1), UpstreamHost.Pipelines, OutageKind.BlackHole, options => options with
        {
            NewSlots = () => new SharedSlots(options.Settings.MaxConcurrency),
        });

        Assert.True(during[UpstreamHost.Track] < 0.5 * before[UpstreamHost.Track], $"{during[UpstreamHost.Track]:0.0} a second");
    }

    /// <summary>Steady calls of many customers to all hosts, somewhat below the limits; one host fails for a minute. Rates of arrivals of the customers of each host.</summary>
    private static (Dictionary<UpstreamHost, double> Before, Dictionary<UpstreamHost, double> Worst, long DeadLetters) Run(
        int seed, UpstreamHost failing, OutageKind kind, Func<SimulationOptions, SimulationOptions>? change = null)
    {
        var random = new Random(seed);
        var options = new SimulationOptions
        {
            Settings = SimulationOptions.LimitPerHost(new RateLimit(200, TimeSpan.FromSeconds(1)), maxConcurrency: 64) with
            {
                Batching = new BatchingSettings { Mode = BatchingMode.Off },
            },
            Latency = Workload.Usual,
            Faults = new FaultMix { Outages = [new Outage(_start, _end, kind, failing)] },
        };
        var arrived = UpstreamHosts.All.ToDictionary(host => host, _ => new List<TimeSpan>());
        var simulation = new Simulation(change?.Invoke(options) ?? options, seed);
        var classes = new Dictionary<string, UpstreamHost>();
        simulation.Arrived = (customer, _, at) => arrived[classes[customer]].Add(at);
        var until = _end + TimeSpan.FromSeconds(20);
        simulation.AcceptSteadily((int)(450 * until.TotalSeconds), until, _ =>
        {
            var limitClass = random.OneOf(
                random.OneOf(LimitClass.Identify, LimitClass.Track, LimitClass.Page, LimitClass.Batch),
                random.OneOf(LimitClass.TransactionalEmail, LimitClass.TransactionalPush, LimitClass.Broadcast),
                LimitClass.Pipelines);
            var customer = $"{limitClass.ToHost()}{random.Next(500)}";
            classes[customer] = limitClass.ToHost();
            return (customer, limitClass, random.OneOf(CallPriority.Live, CallPriority.Bulk));
        });
        for (var at = TimeSpan.Zero; at < until; at += TimeSpan.FromMilliseconds(200))
        {
            simulation.PassThrough(at, random.OneOf(LimitClass.Query, LimitClass.TransactionalEmail), TimeSpan.FromSeconds(2));
        }

        var report = simulation.Run();

        static double Rate(List<TimeSpan> arrivals, TimeSpan from, TimeSpan to) => arrivals.Count(at => at >= from && at < to) / (to - from).TotalSeconds;
        return (
            arrived.ToDictionary(pair => pair.Key, pair => Rate(pair.Value, _start - TimeSpan.FromSeconds(20), _start)),
            arrived.ToDictionary(pair => pair.Key, pair => Enumerable.Range(0, 12).Min(five => Rate(pair.Value, _start + TimeSpan.FromSeconds(5 * five), _start + TimeSpan.FromSeconds((5 * five) + 5)))),
            report.DeadLetters);
    }

    private sealed class SharedSlots(int slots) : IHostSlots
    {
        private readonly int[] _inFlight = new int[UpstreamHosts.All.Count];

        public bool HasRoom(UpstreamHost host) => _inFlight.Sum() < slots;

        public void OnStarted(UpstreamHost host, TimeSpan now) => _inFlight[(int)host]++;

        public void OnEnded(UpstreamHost host, bool answered, TimeSpan now) => _inFlight[(int)host]--;

        public (int InFlight, int Most) Of(UpstreamHost host) => (_inFlight[(int)host], slots);
    }
}
