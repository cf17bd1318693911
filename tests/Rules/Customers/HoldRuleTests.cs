using CioOrleans.Calls;
using CioOrleans.Configuration;

using CioOrleans.Grains.Customers;

namespace CioOrleans.Customers;

public sealed class HoldRuleTests
{
    [Theory]
    [InlineData(DeadLetterPolicy.Hold, "id:42", CallKind.Event, true)]
    [InlineData(DeadLetterPolicy.Hold, "id:42", CallKind.Send, true)]
    [InlineData(DeadLetterPolicy.Hold, "id:42", CallKind.Merge, true)]
    [InlineData(DeadLetterPolicy.Hold, "id:42", CallKind.MergeBarrier, false)]
    [InlineData(DeadLetterPolicy.Hold, "send:7", CallKind.Send, false)]
    [InlineData(DeadLetterPolicy.Continue, "id:42", CallKind.Event, false)]
    public void A_dead_letter_holds_an_ordered_queue_if_the_policy_says_so(DeadLetterPolicy policy, string customer, CallKind kind, bool holds) =>
        Assert.Equal(holds, HoldRule.Holds(policy, customer, kind));

    [Theory]
    [InlineData("id:42", true)]
    [InlineData("email:ann@example.com", true)]
    [InlineData("cio:03", true)]
    [InlineData("phone:+1", true)]
    [InlineData("object:1:2", true)]
    [InlineData("cio-object:ob1", true)]
    [InlineData("group:a", true)]
    [InlineData("segment:7", true)]
    [InlineData("anonymous:a", false)]
    [InlineData("anonymous-queue:7", false)]
    [InlineData("delivery:a", false)]
    [InlineData("delivery-queue:7", false)]
    [InlineData("form:7", false)]
    [InlineData("nobody:7", false)]
    [InlineData("open:7", false)]
    [InlineData("browser:7", false)]
    [InlineData("send:7", false)]
    [InlineData("42", false)]
    [InlineData("", false)]
    public void Only_a_queue_whose_calls_belong_together_is_ordered(string key, bool isOrdered) => Assert.Equal(isOrdered, CustomerKey.IsOrdered(key));
}
