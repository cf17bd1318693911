using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.Scheduling;

public sealed class FairnessTests
{
    [Fact]
    public void Live_goes_before_bulk_and_bulk_gets_one_grant_in_sixteen()
    {
        var harness = new SchedulerHarness(maxConcurrency: 1_000);
        for (var i = 0; i < 40; i++)
        {
            harness.Scheduler.OnWork($"bulk{i}", HeadState.Of(LimitClass.Track, CallPriority.Bulk));
        }

        for (var i = 0; i < 40; i++)
        {
            harness.Work($"live{i}");
        }

        var order = harness.All();

        Assert.Equal([15, 31], order.Index().Where(c => c.Item.StartsWith("bulk", StringComparison.Ordinal)).Select(c => c.Index).Take(2));
        Assert.Equal(42, order.FindLastIndex(c => c.StartsWith("live", StringComparison.Ordinal)) + 1);
    }

    /// <summary>While a customer waits, each other one is served at most once before it.</summary>
    [Fact]
    public void Nobody_goes_twice_while_somebody_waits() => Gen.Int[0, 9].Array[1, 300].Sample(choices =>
    {
        var harness = new SchedulerHarness(maxConcurrency: 3);
        var (sinceReady, inFlight) = (new Dictionary<string, HashSet<string>>(), new List<string>());
        foreach (var choice in choices)
        {
            var customer = $"c{choice}";
            if (!sinceReady.ContainsKey(customer) && !inFlight.Contains(customer))
            {
                harness.Work(customer);
                sinceReady[customer] = [];
            }

            if (harness.Next() is { } next)
            {
                sinceReady.Remove(next);
                Assert.All(sinceReady.Values, overtaken => Assert.True(overtaken.Add(next)));
                inFlight.Add(next);
            }

            if (inFlight.Count == 3)
            {
                harness.Scheduler.OnOutcome(inFlight[choice % 3], SchedulerHarness.DeliveredMore);
                sinceReady[inFlight[choice % 3]] = [];
                inFlight.RemoveAt(choice % 3);
            }
        }
    });

    /// <summary>Whatever is reported, and in whatever order: a wake-up of zero means a dispatch, a dispatch is never early, and no customer is in flight twice.</summary>
    [Fact]
    public void The_next_dispatch_comes_when_it_is_announced() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 11], Gen.Int[0, 3_000]).Array[1, 200].Sample(steps =>
        {
            var harness = new SchedulerHarness(permits: 3, maxConcurrency: 4);
            var inFlight = new HashSet<string>();
            foreach (var (customer, what, milliseconds) in steps)
            {
                Report(harness, $"c{customer}", what, inFlight);
                Drain(harness, inFlight);
                Wait(harness, TimeSpan.FromMilliseconds(milliseconds));
                Drain(harness, inFlight);
                Assert.Equal(inFlight.Count, harness.Scheduler.InFlight);
            }
        });

    private static void Wait(SchedulerHarness harness, TimeSpan wait)
    {
        var announced = harness.Scheduler.NextGrantIn();
        Assert.True(announced is null || announced > TimeSpan.Zero);
        if (announced is { } soon && soon <= wait)
        {
            harness.Time.Advance(soon - TimeSpan.FromTicks(1));
            Assert.Null(harness.Scheduler.TryGrant());
            harness.Time.Advance(TimeSpan.FromTicks(1));
        }
        else
        {
            harness.Time.Advance(wait);
            Assert.Null(harness.Scheduler.TryGrant());
        }
    }

    private static void Drain(SchedulerHarness harness, HashSet<string> inFlight)
    {
        while (NextAsAnnounced(harness) is { } next)
        {
            Assert.True(inFlight.Add(next));
        }
    }

    private static string? NextAsAnnounced(SchedulerHarness harness)
    {
        var announced = harness.Scheduler.NextGrantIn();
        var next = harness.Next();
        Assert.Equal(announced == TimeSpan.Zero, next is not null);
        return next;
    }

    private static void Report(SchedulerHarness harness, string customer, int what, HashSet<string> inFlight)
    {
        if (!inFlight.Remove(customer))
        {
            harness.Work(customer);
            return;
        }

        DeliveryOutcome? outcome = what switch
        {
            0 => null,
            1 => SchedulerHarness.Failed(),
            2 => SchedulerHarness.Failed(FailureKind.Unreachable),
            3 => new DeliveryOutcome.Throttled { Signal = RateLimitSignal.None with { RetryAfter = TimeSpan.FromSeconds(1) } },
            4 => new DeliveryOutcome.Misconfigured(401, "401"),
            5 => SchedulerHarness.Unused(UnusedReason.WaitsForMerge, SchedulerHarness.Head),
            6 => SchedulerHarness.Unused(UnusedReason.OutboxUnavailable, SchedulerHarness.Head),
            7 => SchedulerHarness.Unused(UnusedReason.ClassChanged, HeadState.Of(LimitClass.Page)),
            8 => SchedulerHarness.Delivered,
            _ => SchedulerHarness.DeliveredMore,
        };
        if (outcome is null)
        {
            harness.Scheduler.OnLost(customer);
        }
        else if (harness.Scheduler.OnOutcome(customer, outcome) is HeadChange.MakeDeadLetter)
        {
            harness.Scheduler.OnDeadLetterMade(customer, SchedulerHarness.Head);
        }
    }
}
