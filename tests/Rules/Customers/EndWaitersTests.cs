using CioOrleans.Grains.Customers;

namespace CioOrleans.Rules.Tests.Customers;

public sealed class EndWaitersTests
{
    private readonly EndWaiters _waiters = new();

    [Fact]
    public void The_end_of_a_call_completes_its_callers_and_no_others()
    {
        var (call, other) = (Ulid.NewUlid(), Ulid.NewUlid());
        var first = _waiters.Add(call);
        var second = _waiters.Add(call);
        var elsewhere = _waiters.Add(other);

        _waiters.OnEnded(call);

        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(elsewhere.IsCompleted);
    }

    [Fact]
    public void A_caller_that_was_forgotten_is_not_completed_and_a_later_one_is()
    {
        var call = Ulid.NewUlid();
        var forgotten = _waiters.Add(call);
        _waiters.Remove(call);
        var later = _waiters.Add(call);

        _waiters.OnEnded(call);
        _waiters.OnEnded(call);

        Assert.False(forgotten.IsCompleted);
        Assert.True(later.IsCompletedSuccessfully);
    }
}
