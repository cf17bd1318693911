using CioOrleans.Grains.Outbox;

namespace CioOrleans.Rules.Tests.DeadLetters;

public sealed class FailureCauseTests
{
    [Theory]
    [InlineData("400", 400, "")]
    [InlineData("400: no", 400, "no")]
    [InlineData("400:no", 400, "no")]
    [InlineData("503: over capacity, try again in 17 s", 503, "over capacity, try again in # s")]
    [InlineData("400: customer 42 has no attribute", 400, "customer # has no attribute")]
    [InlineData("400: ann@example.com is suppressed", 400, "# is suppressed")]
    [InlineData("404: workspace 01ARZ3NDEKTSV4RRFFQ69G5FAV/x is unknown", 404, "workspace # is unknown")]
    [InlineData("400: id 'ann' is reserved, \"bob\" too (`x y`)", 400, "id … is reserved, … too (…)")]
    [InlineData("400: the customer's id isn't valid", 400, "the customer's id isn't valid")]
    [InlineData("""400: {"errors":[{"reason":"required","field":"name","item":7}]}""", 400, """{"errors":[{"reason":"required","field":"name","item":#}]}""")]
    [InlineData("cannot be sent: the header \"X\" has a line feed", 0, "cannot be sent: the header … has a line feed")]
    [InlineData("outcome unknown, the message may have been sent: 502", 502, "outcome unknown, the message may have been sent:")]
    [InlineData("the request took longer than 10 s", 0, "the request took longer than # s")]
    [InlineData("1234: not a status", 0, "#: not a status")]
    [InlineData("4000", 0, "#")]
    [InlineData("999", 0, "#")]
    [InlineData("", 0, "")]
    [InlineData("400: a\r\n\t  b", 400, "a b")]
    public void A_reason_has_a_status_and_an_answer_without_what_differs_from_call_to_call(string reason, int status, string answer) =>
        Assert.Equal(new FailureCause(status, answer), FailureCause.Of(reason));

    [Fact]
    public void An_answer_is_bounded_and_no_character_is_cut_in_two()
    {
        var long1 = FailureCause.Of("400: " + new string('x', 100_000));
        var long2 = FailureCause.Of("400: " + new string('x', FailureCause.MaxAnswer - 1) + "😀😀");

        Assert.Equal(new string('x', FailureCause.MaxAnswer), long1.Answer);
        Assert.Equal(new string('x', FailureCause.MaxAnswer - 1), long2.Answer);
    }

    [Fact]
    public void Causes_have_one_key_for_all_processes_and_versions()
    {
        Assert.Equal(FailureCause.Of("400: customer 1").Key, FailureCause.Of("400: customer 22").Key);
        Assert.NotEqual(FailureCause.Of("400: customer 1").Key, FailureCause.Of("401: customer 1").Key);

        // Stored: it must not change.
        Assert.Equal(-1736268471072513280, new FailureCause(400, "no").Key);
    }
}
