using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed class BatchTests
{
    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(5);

    private readonly SchedulerHarness _harness = Harness();

    [Fact]
    public void Customers_whose_heads_can_go_together_share_one_request_after_the_linger()
    {
        Work("a", "b", "c");

        Assert.Null(_harness.Scheduler.TryGrant());
        Assert.Equal(_linger, _harness.Scheduler.NextGrantIn());
        _harness.Pass(0.005);

        Assert.Equal(["a", "b", "c"], NextBatch().Customers);
        Assert.Equal(1, _harness.Scheduler.InFlight);
        Assert.Null(_harness.Scheduler.TryGrant());
    }

    [Fact]
    public void A_full_request_does_not_linger()
    {
        var harness = Harness(settings => settings with { MaxItems = 2 });
        Work(harness, HeadState.Of(LimitClass.Batch), "a", "b", "c");

        Assert.Equal(["a", "b"], NextBatch(harness).Customers);
        Assert.Null(harness.Scheduler.TryGrant());
    }

    [Fact]
    public void A_request_holds_no_more_bytes_than_it_may()
    {
        var harness = Harness(settings => settings with { MaxBytes = 40_000 });
        Work(harness, HeadState.Of(LimitClass.Batch, bytes: 15_000), "a", "b", "c");

        Assert.Equal(["a", "b"], NextBatch(harness).Customers);
    }

    [Fact]
    public void One_alone_goes_as_what_it_is_once_nobody_came()
    {
        Work("a");
        _harness.Pass(0.005);

        Assert.Equal(("a", LimitClass.Batch, false), _harness.DispatchToCustomer());
    }

    [Fact]
    public void Without_batching_everybody_goes_alone_at_once()
    {
        var harness = Harness(settings => settings with { Mode = BatchingMode.Off });
        Work(harness, HeadState.Of(LimitClass.Batch), "a", "b");

        Assert.Equal(["a", "b"], harness.All());
    }

    [Fact]
    public void One_request_takes_one_token_however_many_it_carries()
    {
        var harness = new SchedulerHarness(permits: 2);
        harness.Pass(2);
        Work(harness, HeadState.Of(LimitClass.Batch), "a", "b", "c");
        harness.Pass(0.005);
        NextBatch(harness);
        harness.Pass(1);
        Work(harness, HeadState.Of(LimitClass.Batch), "d", "e");
        harness.Pass(0.005);

        NextBatch(harness);
        Work(harness, HeadState.Of(LimitClass.Batch), "f", "g");
        harness.Pass(10);

        Assert.Null(harness.Scheduler.TryGrant());
    }

    [Fact]
    public void Imported_calls_fill_what_room_the_live_ones_leave()
    {
        Work(_harness, HeadState.Of(LimitClass.Batch, CallPriority.Bulk), "bulk1", "bulk2");
        Work("live");
        _harness.Pass(0.005);

        Assert.Equal(["live", "bulk1", "bulk2"], NextBatch().Customers);
    }

    [Fact]
    public void Each_customer_goes_on_by_what_became_of_its_own_call()
    {
        var batch = Send("done", "more", "refused");

        var changes = End(batch, SchedulerHarness.Delivered, new DeliveryOutcome.Delivered(HeadState.Of(LimitClass.Batch)), new DeliveryOutcome.Rejected(400, HeadState.Empty));

        Assert.Empty(changes);
        _harness.Pass(0.005);
        Assert.Equal("more", _harness.DispatchToCustomer().Customer);
        Assert.Null(_harness.Scheduler.TryGrant());
    }

    [Fact]
    public void A_failed_call_is_postponed_while_the_others_of_its_request_are_done()
    {
        _harness.OthersSucceed();
        var batch = Send("good", "bad", "fine");

        var change = Assert.Single(End(batch, SchedulerHarness.Delivered, SchedulerHarness.Failed(), SchedulerHarness.Delivered));

        Assert.Equal(("bad", 1), (Assert.IsType<HeadChange.Postpone>(change).Customer, ((HeadChange.Postpone)change).Attempts));
    }

    [Fact]
    public void A_call_that_has_failed_twice_in_company_goes_alone()
    {
        Work(_harness, HeadState.Of(LimitClass.Batch, attempts: WorkspaceScheduler.AttemptsInBatches), "bad");

        Assert.Equal("bad", _harness.DispatchToCustomer().Customer);
    }

    [Fact]
    public void Whom_a_refusal_of_the_whole_may_concern_goes_alone_and_at_once()
    {
        var batch = Send("a", "b");

        End(batch, Alone(), Alone());

        Assert.Equal(2, _harness.All().Count);

        static DeliveryOutcome Alone() => SchedulerHarness.Unused(UnusedReason.GoesAlone, HeadState.Of(LimitClass.Batch));
    }

    [Fact]
    public void Who_did_not_fit_goes_with_the_next_request()
    {
        var batch = Send("a", "b", "c");

        End(batch, SchedulerHarness.Delivered, Unfit(), Unfit());
        _harness.Pass(0.005);

        Assert.Equal(["b", "c"], NextBatch().Customers.Order());

        static DeliveryOutcome Unfit() => SchedulerHarness.Unused(UnusedReason.DidNotFit, HeadState.Of(LimitClass.Batch));
    }

    [Fact]
    public void One_failed_request_is_no_outage_however_many_customers_it_carried()
    {
        var batch = Send([.. Enumerable.Range(0, 50).Select(i => $"c{i}")]);

        End(batch, [.. batch.Customers.Select(_ => SchedulerHarness.Failed())]);

        Assert.False(_harness.Scheduler.Status.IsPaused);
    }

    [Fact]
    public void A_429_stops_the_class_once_and_everybody_goes_again()
    {
        var batch = Send("a", "b");

        End(batch, new DeliveryOutcome.Throttled(), new DeliveryOutcome.Throttled());

        Assert.Equal(1, _harness.Scheduler.Status.Counters.Throttled);
        Assert.Null(_harness.Scheduler.TryGrant());
        _harness.Pass(61);
        Assert.Equal(2, NextBatch().Customers.Count);
    }

    [Fact]
    public void While_only_probes_go_they_go_alone()
    {
        _harness.BreakDown();
        Work("x", "y");
        _harness.Pass(2.5);

        Assert.True(_harness.DispatchToCustomer().IsProbe);
        Assert.Null(_harness.Scheduler.TryGrant());
    }

    [Fact]
    public void The_customers_of_a_lost_request_rest_and_go_again()
    {
        var batch = Send("a", "b");

        _harness.Scheduler.OnBatchLost(batch.Ticket);

        Assert.Equal((0, 2), (_harness.Scheduler.InFlight, _harness.Scheduler.Status.WaitingForRetry));
        _harness.Pass(1.01);
        Assert.Null(_harness.Scheduler.TryGrant());
        _harness.Pass(0.005);
        Assert.Equal(2, NextBatch().Customers.Count);
    }

    [Fact]
    public void A_batch_names_whoever_reported_last_for_each_of_its_customers()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var more = HeadState.Of(LimitClass.Batch);
        var batch = Send("a", "b");
        Assert.Equal([Guid.Empty, Guid.Empty], batch.LastActivations);

        End(batch, new DeliveryOutcome.Delivered(more) { Activation = one }, new DeliveryOutcome.Delivered(more) { Activation = other });
        _harness.Pass(1);
        batch = NextBatch();
        Assert.Equal([one, other], batch.LastActivations);

        _harness.Scheduler.OnBatchLost(batch.Ticket);
        _harness.Pass(20);
        Assert.Null(_harness.Scheduler.TryGrant());
        _harness.Pass(0.005);
        Assert.Equal([Guid.Empty, Guid.Empty], NextBatch().LastActivations);
    }

    private static SchedulerHarness Harness(Func<BatchingSettings, BatchingSettings>? change = null) =>
        new(change: settings => settings with { Batching = change?.Invoke(settings.Batching) ?? settings.Batching });

    private static void Work(SchedulerHarness harness, HeadState head, params ReadOnlySpan<string> customers)
    {
        foreach (var customer in customers)
        {
            harness.Scheduler.OnWork(customer, head);
        }
    }

    private void Work(params ReadOnlySpan<string> customers) => Work(_harness, HeadState.Of(LimitClass.Batch), customers);

    private static Grant.Batch NextBatch(SchedulerHarness harness) => Assert.IsType<Grant.Batch>(harness.Scheduler.TryGrant());

    private Grant.Batch NextBatch() => NextBatch(_harness);

    private Grant.Batch Send(params ReadOnlySpan<string> customers)
    {
        Work(customers);
        _harness.Pass(0.005);
        return NextBatch();
    }

    private IReadOnlyList<HeadChange> End(Grant.Batch batch, params IReadOnlyList<DeliveryOutcome> items) =>
        _harness.Scheduler.OnBatchOutcome(batch.Ticket, new BatchOutcome(items, WasSent: true, TimeSpan.Zero, TimeSpan.Zero, RateLimitSignal.None));
}
