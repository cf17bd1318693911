using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Scheduling;

/// <summary>A scheduler with a clock in the hand. By default its limits are so wide that they never matter, and its buckets are full.</summary>
internal sealed class SchedulerHarness
{
    public static readonly HeadState Head = HeadState.Of(LimitClass.Track);

    public SchedulerHarness(int permits = 100_000, int maxConcurrency = 64, Func<WorkspaceSettings, WorkspaceSettings>? change = null, bool start = true)
    {
        var settings = new WorkspaceSettings
        {
            Name = "acme",
            SiteId = "site",
            ApiKey = "key",
            TrackUrl = new Uri("http://127.0.0.1:1"),
            AppUrl = new Uri("http://127.0.0.1:1"),
            LimitGroups =
            [
                new LimitGroupSettings([LimitClass.Identify, LimitClass.Track], [new RateLimit(permits, TimeSpan.FromSeconds(1))]),
                new LimitGroupSettings([.. Enum.GetValues<LimitClass>().Where(c => c > LimitClass.Track)], [new RateLimit(permits, TimeSpan.FromSeconds(1))]),
            ],
            MaxConcurrency = maxConcurrency,
            Retry = new RetrySettings { Jitter = 0 },
        };
        Scheduler = new WorkspaceScheduler(change?.Invoke(settings) ?? settings, Time, new Random(1));
        if (start)
        {
            Scheduler.Start(TimeSpan.Zero);
            Pass(1);
        }
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public WorkspaceScheduler Scheduler { get; }

    public static DeliveryOutcome Delivered => new DeliveryOutcome.Delivered(HeadState.Empty);

    public static DeliveryOutcome DeliveredMore => new DeliveryOutcome.Delivered(Head);

    public static DeliveryOutcome Failed(FailureKind kind = FailureKind.ServerError, int attempts = 0) => new DeliveryOutcome.Failed(kind, 7, attempts, "503");

    public static DeliveryOutcome Unused(UnusedReason why, HeadState next = default) => new DeliveryOutcome.Unused(why, next);

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void Work(params ReadOnlySpan<string> customers)
    {
        foreach (var customer in customers)
        {
            Scheduler.OnWork(customer, Head);
        }
    }

    /// <summary>The customer that gets a permit now; null if there is none.</summary>
    public string? Next() => Scheduler.TryGrant() switch
    {
        null => null,
        Grant.ToCustomer customer => customer.Customer,
        var other => throw new InvalidOperationException($"{other}"),
    };

    /// <summary>The dispatch to a customer that is possible now, but for how long it waited.</summary>
    public (string Customer, LimitClass Class, bool IsProbe) DispatchToCustomer()
    {
        var dispatch = Assert.IsType<Grant.ToCustomer>(Scheduler.TryGrant());
        return (dispatch.Customer, dispatch.Class, dispatch.IsProbe);
    }

    /// <summary>Everybody that may go now, in order.</summary>
    public List<string> All()
    {
        var all = new List<string>();
        while (Next() is { } customer)
        {
            all.Add(customer);
        }

        return all;
    }

    /// <summary>Lets everybody that may go now have this outcome.</summary>
    public List<string> All(DeliveryOutcome outcome)
    {
        var all = All();
        all.ForEach(customer => Scheduler.OnOutcome(customer, outcome));
        return all;
    }

    /// <summary>Announces customers and lets them succeed, so that others are known to get through.</summary>
    public void OthersSucceed()
    {
        Work("other1", "other2", "other3");
        while (Scheduler.TryGrant() is Grant.ToCustomer other)
        {
            Scheduler.OnOutcome(other.Customer, Delivered);
        }
    }

    /// <summary>Five customers fail and none succeeds, which is an outage. Then they are ready again.</summary>
    public void BreakDown()
    {
        Work("a", "b", "c", "d", "e");
        foreach (var customer in All())
        {
            Scheduler.OnOutcome(customer, Failed());
        }
    }
}
