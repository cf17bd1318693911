using CioOrleans.Attempts;

namespace CioOrleans.Delivery;

public sealed class AtMostOnceTests
{
    [Theory]
    [InlineData(200, SendFate.Answered)]
    [InlineData(302, SendFate.Answered)]
    [InlineData(400, SendFate.Answered)]
    [InlineData(401, SendFate.Answered)]
    [InlineData(422, SendFate.Answered)]
    [InlineData(408, SendFate.Unknown)]
    [InlineData(429, SendFate.NotSent)]
    [InlineData(500, SendFate.Unknown)]
    [InlineData(502, SendFate.Unknown)]
    [InlineData(503, SendFate.Unknown)]
    [InlineData(599, SendFate.Unknown)]
    public void A_status_decides_unless_it_may_stand_for_a_message_that_went_out(int status, SendFate fate) => Assert.Equal(fate, AtMostOnce.Judge(status));

    [Theory]
    [InlineData(FailureKind.Unreachable, SendFate.NotSent)]
    [InlineData(FailureKind.BreakerOpen, SendFate.NotSent)]
    [InlineData(FailureKind.TimedOut, SendFate.Unknown)]
    [InlineData(FailureKind.ConnectionLost, SendFate.Unknown)]
    [InlineData(FailureKind.ServerError, SendFate.Unknown)]
    public void Only_what_certainly_did_not_leave_may_be_tried_again(FailureKind kind, SendFate fate) => Assert.Equal(fate, AtMostOnce.Judge(kind));
}
