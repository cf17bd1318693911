using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Scheduling;

/// <summary>Each of Customer.io's hosts has a health, evidence and slots of its own.</summary>
public sealed class HostTests
{
    private static readonly HeadState _toApp = HeadState.Of(LimitClass.TransactionalEmail);
    private static readonly HeadState _toPipelines = HeadState.Of(LimitClass.Pipelines);

    private readonly SchedulerHarness _harness = new(change: settings => settings with { AppApiKey = "app", PipelinesWriteKey = "write" });

    [Fact]
    public void A_401_of_the_App_API_stops_the_calls_to_it_and_no_others()
    {
        Work(_toApp, "sender", "other");
        Assert.Equal("sender", _harness.Next());
        _harness.Scheduler.OnOutcome("sender", new DeliveryOutcome.Misconfigured(401, "401"));
        _harness.Work("a");
        Work(_toPipelines, "p");

        Assert.Equal(["a", "p"], _harness.All().Order());
        Assert.Equal((HostState.Normal, HostState.Misconfigured, HostState.Normal), States());
        Assert.Equal("App API: 401", _harness.Scheduler.Status.PauseReason);
    }

    [Fact]
    public void Messages_that_go_to_the_Track_host_count_toward_its_health_and_broadcasts_toward_the_App_hosts()
    {
        var harness = new SchedulerHarness(change: settings => settings with { ServiceToken = "sa_live_1", WorkspaceId = "7", Sends = settings.Sends with { Host = SendHost.Track } });
        harness.Scheduler.OnWork("sender", _toApp);
        Assert.Equal("sender", harness.Next());
        harness.Scheduler.OnOutcome("sender", new DeliveryOutcome.Misconfigured(401, "401"));
        harness.Work("a");
        harness.Scheduler.OnWork("b", HeadState.Of(LimitClass.Broadcast));

        Assert.Equal([HostState.Misconfigured, HostState.Normal], harness.Scheduler.Status.Hosts.Take(2).Select(host => host.State));
        Assert.Equal(["b"], harness.All());
        harness.Scheduler.RequestPassThrough(1, LimitClass.TransactionalPush);
        Assert.Equal(new Grant.PassThrough(1, LimitClass.TransactionalPush), harness.Scheduler.TryGrant());
        Assert.Equal([1, 1], harness.Scheduler.Status.Hosts.Take(2).Select(host => host.InFlight));
    }

    [Fact]
    public void An_outage_of_one_host_leaves_the_others_calls_and_evidence_alone()
    {
        BreakPipelines();
        _harness.Work("x");

        Assert.Equal((HostState.Normal, HostState.Normal, HostState.Outage), States());
        Assert.Equal("x", _harness.Next());

        // No other call reached the Track API, so a failure there is neither that customer's own nor an outage.
        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("x", SchedulerHarness.Failed()));
        Assert.Equal(HostState.Normal, States().Track);
    }

    [Fact]
    public void A_success_at_one_host_does_not_end_an_outage_of_another_nor_counts_its_failures()
    {
        BreakPipelines();
        _harness.OthersSucceed();

        Assert.Equal(HostState.Outage, States().Pipelines);

        _harness.Pass(2);
        Assert.Equal(("e", LimitClass.Pipelines, true), _harness.DispatchToCustomer());
        Assert.Same(HeadChange.None.Instance, _harness.Scheduler.OnOutcome("e", SchedulerHarness.Failed(attempts: 5)));
    }

    [Fact]
    public void Failures_at_three_hosts_add_up_to_no_outage()
    {
        _harness.Work("a", "b");
        Work(_toApp, "c", "d");
        Work(_toPipelines, "e", "f");
        _harness.All(SchedulerHarness.Failed());

        Assert.Equal((HostState.Normal, HostState.Normal, HostState.Normal), States());
    }

    [Fact]
    public void Each_host_has_probes_of_its_own()
    {
        BreakPipelines();
        _harness.Work("t1", "t2", "t3", "t4", "t5");
        foreach (var customer in _harness.All())
        {
            _harness.Scheduler.OnOutcome(customer, SchedulerHarness.Failed());
        }

        _harness.Pass(2);
        Assert.Equal(2, _harness.All().Count);
        Assert.Null(_harness.Next());
    }

    [Fact]
    public void A_host_that_hangs_leaves_the_others_their_slots()
    {
        Work(_toPipelines, [.. Enumerable.Range(0, 100).Select(i => $"p{i}")]);
        Assert.Equal(21, _harness.All().Count);
        _harness.Work([.. Enumerable.Range(0, 100).Select(i => $"t{i}")]);

        Assert.Equal(22, _harness.All().Count);
    }

    [Fact]
    public void The_status_says_since_when_why_and_when_the_next_probe_goes()
    {
        _harness.Pass(60);
        var began = _harness.Time.GetUtcNow();
        BreakPipelines();
        _harness.Pass(0.5);

        var status = _harness.Scheduler.Status.Hosts[2];
        Assert.Equal(new HostStatus(UpstreamHost.Pipelines, HostState.Outage, began, "Customer.io fails for everybody, probing (503)", began.AddSeconds(2), 0, 21), status);

        _harness.Scheduler.Resume();
        Assert.Equal(
            new HostStatus(UpstreamHost.Pipelines, HostState.Normal, began.AddSeconds(0.5), null, null, 0, 21), _harness.Scheduler.Status.Hosts[2]);
    }

    [Fact]
    public void An_operators_pause_is_above_all_hosts()
    {
        _harness.Work("a");
        Work(_toApp, "b");
        Work(_toPipelines, "c");
        _harness.Scheduler.Pause("maintenance");

        Assert.Empty(_harness.All());
        Assert.Null(_harness.Scheduler.NextGrantIn());
    }

    [Fact]
    public void In_a_group_that_two_hosts_share_the_one_that_is_down_does_not_stand_before_the_other()
    {
        BreakPipelines();
        Work(HeadState.Of(LimitClass.Page), "page");

        Assert.Equal("page", _harness.Next());
    }

    [Fact]
    public void In_a_group_that_two_hosts_share_whoever_has_waited_longest_goes_first()
    {
        Work(_toPipelines, "first");
        _harness.Pass(0.1);
        Work(HeadState.Of(LimitClass.Page), "second");
        _harness.Pass(0.1);
        Work(_toPipelines, "third");

        Assert.Equal(["first", "second", "third"], _harness.All());
    }

    [Fact]
    public void Live_sends_without_response_show_an_outage_of_the_App_API_and_a_live_response_ends_it()
    {
        for (var ticket = 1; ticket <= 5; ticket++)
        {
            Forward(ticket, LimitClass.TransactionalEmail, status: null);
        }

        Assert.Equal((HostState.Normal, HostState.Outage, HostState.Normal), States());

        // Still forwarded, at once.
        Forward(6, LimitClass.Query, status: 200);
        Assert.Equal(HostState.Normal, States().App);
    }

    [Fact]
    public void Queries_that_fail_or_are_left_by_their_callers_are_no_outage()
    {
        for (var ticket = 1; ticket <= 50; ticket++)
        {
            Forward(ticket, LimitClass.Query, ticket % 2 == 0 ? 500 : null);
        }

        Assert.Equal(HostState.Normal, States().App);
    }

    [Fact]
    public void Wrong_settings_are_proved_right_by_a_live_send_and_not_by_a_query()
    {
        Work(_toApp, "sender");
        _harness.Next();
        _harness.Scheduler.OnOutcome("sender", new DeliveryOutcome.Misconfigured(403, "403"));

        Forward(1, LimitClass.Query, status: 200);
        Assert.Equal(HostState.Misconfigured, States().App);

        Forward(2, LimitClass.TransactionalPush, status: 200);
        Assert.Equal(HostState.Normal, States().App);
    }

    [Fact]
    public void A_customer_whose_next_call_is_for_a_host_that_is_down_waits_with_all_its_calls()
    {
        BreakPipelines();
        _harness.Work("mixed");
        Assert.Equal("mixed", _harness.Next());
        _harness.Scheduler.OnOutcome("mixed", new DeliveryOutcome.Delivered(_toPipelines));

        Assert.Null(_harness.Next());
        Assert.Equal(UpstreamHost.Pipelines, _harness.Scheduler.Explain("mixed", LimitClass.Pipelines).Host);
    }

    [Fact]
    public void Where_the_head_for_a_host_that_is_down_was_discarded_the_next_call_goes_to_its_own_host()
    {
        BreakPipelines();
        Work(_toPipelines, "ready");
        _harness.Scheduler.OnHeadChanged("ready", SchedulerHarness.Head);

        Assert.Equal(("ready", LimitClass.Track, false), _harness.DispatchToCustomer());
    }

    [Fact]
    public void Where_a_head_that_waited_for_its_back_off_was_discarded_the_next_call_goes_at_once()
    {
        _harness.Work("a");
        _harness.Next();
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Failed());
        Assert.Null(_harness.Next());

        _harness.Scheduler.OnHeadChanged("a", _toPipelines);

        Assert.Equal(("a", LimitClass.Pipelines, false), _harness.DispatchToCustomer());
        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);
        _harness.Pass(60);
        Assert.Null(_harness.Next());
    }

    /// <summary>A call may have been stored, and its hint ignored because the customer was known, after the queue was seen empty.</summary>
    [Fact]
    public void That_nothing_waits_any_more_is_found_out_by_a_permit_and_not_believed()
    {
        _harness.Work("ready", "waiting");
        Assert.Equal("ready", _harness.Next());
        _harness.Scheduler.OnOutcome("ready", SchedulerHarness.DeliveredMore);
        Assert.Equal("waiting", _harness.Next());
        _harness.Scheduler.OnOutcome("waiting", SchedulerHarness.Failed());
        _harness.Scheduler.OnHeadChanged("ready", HeadState.Empty);
        _harness.Scheduler.OnHeadChanged("waiting", HeadState.Empty);
        _harness.Scheduler.OnHeadChanged("unknown", HeadState.Empty);

        Assert.Equal(["ready", "waiting"], _harness.All(SchedulerHarness.Unused(UnusedReason.NothingToSend)));
        Assert.Equal((0, 0), (_harness.Scheduler.Status.Ready, _harness.Scheduler.Status.WaitingForRetry));
    }

    [Fact]
    public void A_customer_in_flight_stays_in_flight_and_is_looked_at_again_afterwards()
    {
        _harness.Work("a");
        _harness.Next();
        _harness.Scheduler.OnHeadChanged("a", _toPipelines);
        Assert.Null(_harness.Next());

        _harness.Scheduler.OnOutcome("a", SchedulerHarness.Delivered);

        Assert.Equal(("a", LimitClass.Pipelines, false), _harness.DispatchToCustomer());
    }

    [Fact]
    public void Customers_before_and_behind_one_whose_head_has_changed_keep_their_places()
    {
        _harness.Work("a", "b", "c");
        _harness.Scheduler.OnHeadChanged("b", SchedulerHarness.Head);

        Assert.Equal(["a", "c", "b"], _harness.All());
    }

    private void BreakPipelines()
    {
        Work(_toPipelines, "a", "b", "c", "d", "e");
        foreach (var customer in _harness.All())
        {
            _harness.Scheduler.OnOutcome(customer, SchedulerHarness.Failed());
        }
    }

    private void Forward(long ticket, LimitClass limitClass, int? status)
    {
        _harness.Scheduler.RequestPassThrough(ticket, limitClass);
        Assert.Equal(new Grant.PassThrough(ticket, limitClass), _harness.Scheduler.TryGrant());
        _harness.Scheduler.OnPassThroughEnded(ticket, sent: true, status, RateLimitSignal.None);
    }

    private void Work(HeadState head, params ReadOnlySpan<string> customers)
    {
        foreach (var customer in customers)
        {
            _harness.Scheduler.OnWork(customer, head);
        }
    }

    private (HostState Track, HostState App, HostState Pipelines) States() =>
        _harness.Scheduler.Status.Hosts is [var track, var app, var pipelines] ? (track.State, app.State, pipelines.State) : throw new InvalidOperationException("Not three hosts.");
}
