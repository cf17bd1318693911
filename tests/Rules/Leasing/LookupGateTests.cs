using CioOrleans.Postgres.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Leasing;

public sealed class LookupGateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LookupGate _gate;

    public LookupGateTests() => _gate = new LookupGate(_time);

    [Fact]
    public void Everybody_may_try_until_a_look_up_fails()
    {
        Assert.True(_gate.MayTry());
        Assert.True(_gate.MayTry());

        _gate.OnFailed();

        Assert.False(_gate.MayTry());
    }

    [Fact]
    public void After_a_rest_one_tries_and_the_others_are_refused_until_it_has_ended()
    {
        _gate.OnFailed();
        _time.Advance(LookupGate.Rest - TimeSpan.FromMilliseconds(1));
        Assert.False(_gate.MayTry());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_gate.MayTry());
        Assert.False(_gate.MayTry());

        _gate.OnReached();
        Assert.True(_gate.MayTry());
        Assert.True(_gate.MayTry());
    }

    [Fact]
    public void A_try_that_fails_begins_another_rest_and_one_that_never_ends_is_replaced()
    {
        _gate.OnFailed();
        _time.Advance(LookupGate.Rest);
        Assert.True(_gate.MayTry());
        _gate.OnFailed();
        Assert.False(_gate.MayTry());

        _time.Advance(LookupGate.Rest);
        Assert.True(_gate.MayTry());
        _time.Advance(LookupGate.LongestTry);
        Assert.True(_gate.MayTry());
        Assert.False(_gate.MayTry());
    }
}
