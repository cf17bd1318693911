using CioOrleans.Attempts;

namespace CioOrleans.Delivery;

public sealed class AtMostOnceTests
{
    [Theory]
    [InlineData(200, AttemptOutcome.Delivered)]
    [InlineData(302, AttemptOutcome.Misconfigured)]
    [InlineData(400, AttemptOutcome.Rejected)]
    [InlineData(401, AttemptOutcome.Misconfigured)]
    [InlineData(422, AttemptOutcome.Rejected)]
    [InlineData(425, AttemptOutcome.Rejected)]
    [InlineData(408, AttemptOutcome.Unknown)]
    [InlineData(429, AttemptOutcome.Throttled)]
    [InlineData(500, AttemptOutcome.Unknown)]
    [InlineData(502, AttemptOutcome.Unknown)]
    [InlineData(503, AttemptOutcome.Unknown)]
    [InlineData(599, AttemptOutcome.Unknown)]
    public void A_status_decides_unless_it_may_stand_for_a_message_that_went_out(int status, AttemptOutcome outcome) => Assert.Equal(outcome, OutcomeTable.JudgeSend(status));

    [Theory]
    [InlineData(FailureKind.Unreachable, AttemptOutcome.Failed)]
    [InlineData(FailureKind.BreakerOpen, AttemptOutcome.Failed)]
    [InlineData(FailureKind.TimedOut, AttemptOutcome.Unknown)]
    [InlineData(FailureKind.ConnectionLost, AttemptOutcome.Unknown)]
    [InlineData(FailureKind.ServerError, AttemptOutcome.Unknown)]
    public void Only_what_certainly_did_not_leave_may_be_tried_again(FailureKind kind, AttemptOutcome outcome) => Assert.Equal(outcome, OutcomeTable.JudgeSend(kind));
}
