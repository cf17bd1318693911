using CioOrleans.Calls;
using CioOrleans.Client.Explaining;
using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Rules.Tests.Explaining;

public sealed class WaitExplainerTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Ulid _head = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly LimitStatus _limit = new([LimitClass.Batch], "10/1s", 10, 0, null);
    private static readonly CustomerStatus _status = new(5, _head, HeadState.Of(LimitClass.Batch), null, _now, InFlight: false);

    private static readonly CustomerStanding _ready = new(
        CustomerActivity.Ready, null, Ahead: 20, ReadyInLimit: 30, MostTogether: 1, _limit, TimeSpan.FromSeconds(0.5), null, null, IsMisconfigured: false, null);

    [Fact]
    public void A_head_that_waits_for_the_limit_goes_when_those_before_it_have_gone()
    {
        var explanation = Explain(0, _ready);

        Assert.Equal(CallState.Waiting, explanation.State);
        Assert.Equal([new WaitCause.LimitUsed("batch", "10/1s", 10, 20)], explanation.Causes);
        Assert.Equal("The limit of 'batch' (10/1s, 10 requests a second now): 20 customers go first.", explanation.Causes[0].Text);
        Assert.Equal(TimeSpan.FromSeconds(2.5), explanation.ExpectedIn);
    }

    [Fact]
    public void A_queue_that_a_dead_letter_holds_waits_for_an_operator()
    {
        var status = _status with { Head = _status.Head with { IsHeld = true, NotBefore = _now.AddHours(1) }, Held = new HeldCall(_head, 7, CallKind.Event, "400: no", _now) };

        var explanation = WaitExplainer.Explain(1, status, _ready with { Activity = CustomerActivity.Held }, merge: null, _now);

        Assert.Equal(CallState.Held, explanation.State);
        Assert.Equal([new WaitCause.CallsAhead(1, _head), new WaitCause.DeadLetterAhead(_head, "400: no", _now)], explanation.Causes);
        Assert.Null(explanation.ExpectedIn);
    }

    [Fact]
    public void Heads_that_leave_together_are_ahead_for_a_shorter_time() =>
        Assert.Equal(TimeSpan.FromSeconds(0.5 + (20 / 100.0)), Explain(0, _ready with { MostTogether = 10 }).ExpectedIn);

    [Fact]
    public void A_call_behind_others_waits_one_round_for_each_of_them()
    {
        var explanation = Explain(2, _ready);

        Assert.Equal(new WaitCause.CallsAhead(2, _head), explanation.Causes[0]);
        Assert.Equal(TimeSpan.FromSeconds(2.5 + (2 * 3)), explanation.ExpectedIn);
    }

    [Fact]
    public void A_head_that_is_sent_waits_for_nothing_and_the_next_for_its_end()
    {
        var standing = _ready with { Activity = CustomerActivity.InFlight, Ahead = null, ReadyInLimit = 0 };

        Assert.Equal((CallState.InFlight, 0, TimeSpan.Zero), Explain(0, standing) is var head ? (head.State, head.Causes.Count, head.ExpectedIn) : default);
        Assert.Equal((CallState.Waiting, TimeSpan.FromMilliseconds(100)), Explain(1, standing) is var next ? (next.State, next.ExpectedIn) : default);
    }

    [Fact]
    public void A_head_that_failed_says_why_and_when_it_is_tried_again()
    {
        var status = _status with { Head = HeadState.Of(LimitClass.Batch, attempts: 3, notBefore: _now.AddSeconds(9)), HeadError = "503" };
        var standing = _ready with { Activity = CustomerActivity.Waiting, DueIn = TimeSpan.FromSeconds(8), Ahead = null, ReadyInLimit = 0 };

        var head = WaitExplainer.Explain(0, status, standing, null, _now);
        var second = WaitExplainer.Explain(1, status, standing, null, _now);

        Assert.Equal((CallState.WaitingForRetry, TimeSpan.FromSeconds(8)), (head.State, head.ExpectedIn));
        Assert.Equal($"The call {_head} has failed (503; 3 attempts counted) and is tried again at 12:00:08Z.", Assert.Single(head.Causes).Text);
        Assert.Equal((CallState.Waiting, TimeSpan.FromSeconds(8.1)), (second.State, second.ExpectedIn));
        Assert.Equal([new WaitCause.CallsAhead(1, _head), new WaitCause.Retry(_head, 3, "503", _now.AddSeconds(8))], second.Causes);
    }

    [Fact]
    public void What_people_or_Customer_io_have_to_end_has_no_expected_end()
    {
        var paused = Explain(0, _ready with { OperatorPause = "maintenance" });
        var outage = Explain(0, _ready with { Trouble = "500", ProbeIn = TimeSpan.FromSeconds(1.5) });
        var wrong = Explain(0, _ready with { Trouble = "401", IsMisconfigured = true });
        var merge = WaitExplainer.Explain(0, _status, _ready with { Activity = CustomerActivity.Parked, Ahead = null }, "id:7", _now);

        Assert.All([paused, outage, wrong, merge], explanation => Assert.Null(explanation.ExpectedIn));
        Assert.Equal("An operator has paused the workspace: maintenance. It goes on when it is resumed.", paused.Causes[0].Text);
        Assert.Equal("Track API: 500. Only probes are sent to it, the next in 1.5 s, and all goes on with the first success.", outage.Causes[0].Text);
        Assert.Equal("Customer.io's Track API does not accept the workspace's settings (401): correct them. A probe a minute is sent, one is on its way.", wrong.Causes[0].Text);
        Assert.Equal([new WaitCause.Merge("id:7")], merge.Causes);
    }

    [Fact]
    public void A_limit_that_rests_after_a_429_is_waited_for()
    {
        var explanation = Explain(0, _ready with { Limit = _limit with { PausedUntil = _now.AddSeconds(30) }, Ahead = 0 });

        Assert.Equal(new WaitCause.LimitPaused("batch", _now.AddSeconds(30)), explanation.Causes[0]);
        Assert.Equal(TimeSpan.FromSeconds(30), explanation.ExpectedIn);
    }

    private static WaitExplanation Explain(long ahead, CustomerStanding standing) => WaitExplainer.Explain(ahead, _status, standing, null, _now);
}
