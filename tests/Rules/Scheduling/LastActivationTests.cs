using CioOrleans.Attempts;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

/// <summary>A permit says who delivered last for its customer: what another activation holds in memory may have left since.</summary>
public sealed class LastActivationTests
{
    private static readonly Guid _one = Guid.NewGuid();
    private static readonly Guid _other = Guid.NewGuid();
    private static readonly HeadState _more = HeadState.Of(LimitClass.Identify);

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_customers_first_permit_names_nobody() => Assert.Equal(Guid.Empty, Grant().LastActivation);

    [Theory]
    [MemberData(nameof(Reports))]
    public void The_next_permit_names_whoever_reported_last(DeliveryOutcome report)
    {
        Grant();
        End(new DeliveryOutcome.Delivered(_more) { Activation = _one });
        Assert.Equal(_one, Grant().LastActivation);

        End(report);
        _harness.Pass(120);

        Assert.Equal(_other, Grant().LastActivation);
    }

    public static TheoryData<DeliveryOutcome> Reports =>
    [
        new DeliveryOutcome.Delivered(_more) { Activation = _other },
        new DeliveryOutcome.Rejected(400, _more) { Activation = _other },
        new DeliveryOutcome.Failed(FailureKind.Unreachable, 1, 0, "refused") { Activation = _other },
        new DeliveryOutcome.Throttled { Activation = _other },
        new DeliveryOutcome.Unused(UnusedReason.PermitExpired, _more) { Activation = _other },
    ];

    [Fact]
    public void A_report_that_was_lost_leaves_nobody_to_be_named()
    {
        Grant();
        End(new DeliveryOutcome.Delivered(_more) { Activation = _one });
        Grant();

        _harness.Scheduler.OnLost("a");
        _harness.Pass(20);

        Assert.Equal(Guid.Empty, Grant().LastActivation);
    }

    [Fact]
    public void A_head_that_was_given_up_leaves_nobody_to_be_named()
    {
        Grant();
        _harness.OthersSucceed();
        var failed = new DeliveryOutcome.Failed(FailureKind.ServerError, 1, Attempts: 5, "500") { Activation = _one };
        Assert.IsType<HeadChange.MakeDeadLetter>(_harness.Scheduler.OnOutcome("a", failed));

        _harness.Scheduler.OnDeadLetterMade("a", _more);

        Assert.Equal(Guid.Empty, Grant().LastActivation);
    }

    private Grant.ToCustomer Grant()
    {
        _harness.Scheduler.OnWork("a", _more);
        return Assert.IsType<Grant.ToCustomer>(_harness.Scheduler.TryGrant());
    }

    private void End(DeliveryOutcome outcome) => _harness.Scheduler.OnOutcome("a", outcome);
}
