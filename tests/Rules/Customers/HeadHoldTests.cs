using CioOrleans.Attempts;
using CioOrleans.Grains.Customers;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Rules.Tests.Customers;

public sealed class HeadHoldTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HeadHold _hold;

    public HeadHoldTests() => _hold = new HeadHold(_time);

    [Fact]
    public void A_head_is_held_until_its_attempt_has_ended()
    {
        Assert.Null(_hold.Sequence);

        _hold.Take(7, longest: null);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(7, _hold.Sequence);

        _hold.Release();
        Assert.Null(_hold.Sequence);
    }

    [Fact]
    public void A_batch_that_never_reports_holds_a_head_for_a_time()
    {
        _hold.Take(7, TimeSpan.FromSeconds(17));

        _time.Advance(TimeSpan.FromSeconds(16.999));
        Assert.Equal(7, _hold.Sequence);

        _time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Null(_hold.Sequence);
    }

    [Fact]
    public void A_later_attempt_replaces_the_hold()
    {
        _hold.Take(7, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        _hold.Take(8, TimeSpan.FromSeconds(1));

        Assert.Equal(8, _hold.Sequence);
    }

    [Fact]
    public void A_permit_is_overtaken_by_one_that_was_granted_later()
    {
        Assert.False(_hold.IsOvertaken(Granted(epoch: 3, at: 10)));
        Assert.False(_hold.IsOvertaken(Granted(epoch: 3, at: 10)));
        Assert.False(_hold.IsOvertaken(Granted(epoch: 3, at: 11)));

        Assert.True(_hold.IsOvertaken(Granted(epoch: 3, at: 10)));
    }

    [Fact]
    public void A_permit_is_overtaken_by_one_of_a_later_owner_whatever_their_times()
    {
        Assert.False(_hold.IsOvertaken(Granted(epoch: 4, at: 5)));

        Assert.True(_hold.IsOvertaken(Granted(epoch: 3, at: 10)));
        Assert.False(_hold.IsOvertaken(Granted(epoch: 4, at: 5)));
    }

    private static Permit Granted(long epoch, int at) =>
        new(epoch, LimitClass.Track, TimeSpan.FromSeconds(at + 2), TimeSpan.FromSeconds(10)) { GrantedAt = TimeSpan.FromSeconds(at) };
}
