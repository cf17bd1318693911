using CioOrleans.Attempts;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Batches;
using CioOrleans.Limits;

namespace CioOrleans.Batches;

public sealed class BatchResultsTests
{
    private static readonly BatchItemResult _done = new BatchItemResult.Answered(207, null);

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("no JSON at all")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"errors":null}""")]
    public void A_success_that_names_nobody_is_everybodys(string body) => Assert.Equal([_done, _done], Judge(207, body));

    [Fact]
    public void Whom_the_response_names_is_refused_and_the_others_are_done() => Assert.Equal(
        [_done, new BatchItemResult.Answered(400, "invalid, attributes, too many")],
        Judge(207, """{"errors":[{"batch_index":1,"reason":"invalid","field":"attributes","message":"too many"}]}"""));

    [Theory]
    [InlineData("internal_error")]
    [InlineData("service_unavailable")]
    [InlineData("Timeout")]
    [InlineData("rate_limited")]
    public void What_is_Customer_ios_own_trouble_is_worth_a_repeat(string reason) => Assert.Equal(
        [new BatchItemResult.Answered(500, reason), _done],
        Judge(207, $$"""{"errors":[{"batch_index":0,"reason":"{{reason}}"}]}"""));

    [Theory]
    [InlineData("""{"errors":[{"reason":"invalid"}]}""")]
    [InlineData("""{"errors":[{"batch_index":2,"reason":"invalid"}]}""")]
    [InlineData("""{"errors":[{"batch_index":-1}]}""")]
    [InlineData("""{"errors":["no"]}""")]
    [InlineData("""{"errors":{"0":"no"}}""")]
    [InlineData("""{"errors":[{"batch_index":0,"reason":"cut off he""")]
    public void Errors_that_name_nobody_can_be_told_of_send_everybody_alone(string body) => Assert.Equal(
        [new BatchItemResult.Undecided(UnusedReason.GoesAlone), new BatchItemResult.Undecided(UnusedReason.GoesAlone)],
        Judge(207, body));

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public void A_refusal_of_the_whole_sends_everybody_alone(int status) => Assert.Equal(
        [new BatchItemResult.Undecided(UnusedReason.GoesAlone), new BatchItemResult.Undecided(UnusedReason.GoesAlone)],
        Judge(status, """{"errors":[{"reason":"size"}]}"""));

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void Any_other_status_is_everybodys(int status) => Assert.Equal(
        [new BatchItemResult.Answered(status, "no"), new BatchItemResult.Answered(status, "no")],
        Judge(status, "no"));

    [Theory]
    [InlineData(200, "{}", 200)]
    [InlineData(200, """{"errors":[{"reason":"invalid"}]}""", 400)]
    [InlineData(400, "no", 400)]
    public void The_response_to_one_alone_is_its_own(int status, string body, int expected) =>
        Assert.Equal(expected, Assert.IsType<BatchItemResult.Answered>(Assert.Single(BatchResults.Judge(Response(status, body), 1))).Status);

    [Fact]
    public void No_response_is_nobodys() => Assert.Equal(
        [new BatchItemResult.Unanswered(FailureKind.TimedOut, "10 s"), new BatchItemResult.Unanswered(FailureKind.TimedOut, "10 s")],
        BatchResults.Judge(new AttemptResult.NoResponse(FailureKind.TimedOut, "10 s") { EndedAt = 1 }, 2));

    [Fact]
    public void What_was_not_sent_may_go_again() => Assert.Equal(
        [new BatchItemResult.Undecided(UnusedReason.PermitExpired)],
        BatchResults.Judge(new AttemptResult.PermitExpired { EndedAt = 1 }, 1));

    [Fact]
    public void Only_what_may_have_been_written_counts_as_sent()
    {
        Assert.True(BatchResults.WasSent(Response(200, "{}")));
        Assert.True(BatchResults.WasSent(new AttemptResult.NoResponse(FailureKind.ConnectionLost, "") { EndedAt = 1 }));
        Assert.False(BatchResults.WasSent(new AttemptResult.NoResponse(FailureKind.Unreachable, "") { EndedAt = 1 }));
        Assert.False(BatchResults.WasSent(new AttemptResult.NoResponse(FailureKind.BreakerOpen, "") { EndedAt = 1 }));
        Assert.False(BatchResults.WasSent(new AttemptResult.PermitExpired { EndedAt = 1 }));
    }

    private static IReadOnlyList<BatchItemResult> Judge(int status, string body) => BatchResults.Judge(Response(status, body), 2);

    private static AttemptResult.Response Response(int status, string body) => new(status, RateLimitSignal.None, body) { EndedAt = 1 };
}
