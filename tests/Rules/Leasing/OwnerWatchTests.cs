using CioOrleans.Grains.Leasing;
using CsCheck;

namespace CioOrleans.Leasing;

public sealed class OwnerWatchTests
{
    private readonly OwnerWatch _watch = new();

    [Fact]
    public void An_owner_that_renews_every_second_is_left_alone()
    {
        for (var second = 0; second < 60; second++)
        {
            Assert.Empty(_watch.OnRead([Lease(renewedFor: 2.9)], S(second)));
        }
    }

    [Fact]
    public void An_owner_that_misses_three_renewals_is_asked_once_the_reader_has_read_for_as_long()
    {
        Assert.Empty(_watch.OnRead([Lease(renewedFor: 60)], S(10)));
        Assert.Empty(_watch.OnRead([Lease(renewedFor: 61)], S(11)));
        Assert.Empty(_watch.OnRead([Lease(renewedFor: 62)], S(12)));
        Assert.Equal("acme", Assert.Single(_watch.OnRead([Lease(renewedFor: 63)], S(13))).Workspace);
    }

    [Fact]
    public void After_the_database_was_away_for_all_an_owner_has_three_seconds_to_renew()
    {
        Read(until: 10, renewedFor: 0.5);
        _watch.OnReadFailed();

        Assert.Empty(_watch.OnRead([Lease(renewedFor: 20)], S(30)));
        Assert.Empty(_watch.OnRead([Lease(renewedFor: 21)], S(31)));
        Assert.Empty(_watch.OnRead([Lease(renewedFor: 0.1)], S(32)));
        Assert.Empty(_watch.OnRead([Lease(renewedFor: 1.1)], S(33)));
    }

    [Fact]
    public void A_reader_that_was_stopped_itself_suspects_no_owner_when_it_goes_on()
    {
        Read(until: 10, renewedFor: 0.5);

        Assert.Empty(_watch.OnRead([Lease(renewedFor: 30)], S(40)));
    }

    [Fact]
    public void A_lease_whose_owner_is_not_known_suspects_no_silo()
    {
        Read(until: 10, renewedFor: 0.5);

        Assert.Empty(_watch.OnRead([new LeaseRecord("acme", null, 1, S(60), S(60))], S(11)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(3.0, true)]
    [InlineData(2.9, false)]
    public void An_owner_is_lost_that_does_not_answer_or_has_no_database(double? databaseSilentFor, bool isLost) =>
        Assert.Equal(isLost, OwnerWatch.IsLost(databaseSilentFor is { } seconds ? S(seconds) : null));

    [Fact]
    public void A_silo_without_the_database_is_cut_off_after_three_complaints_to_a_reader_that_has_had_it_for_as_long()
    {
        Read(until: 9, renewedFor: 0.5);
        Assert.False(_watch.IsCutOff("a", S(60)));
        Read(from: 10, until: 10, renewedFor: 0.5);

        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(_ => _watch.IsCutOff("a", S(10))));
    }

    [Fact]
    public void A_silo_that_has_reached_the_database_again_begins_anew()
    {
        Read(until: 20, renewedFor: 0.5);

        Assert.Equal(
            [false, false, false, false, false, true],
            new[] { 10, 11, 0.1, 10, 11, 12 }.Select(silent => _watch.IsCutOff("a", S(silent))));
    }

    /// <summary>In any history of outages that the owner and the reader share, an owner that renews whenever the database is there is never suspected.</summary>
    [Fact]
    public void An_owner_that_renews_as_soon_as_the_database_is_there_is_never_suspected() => Gen.Int[0, 1_000_000].Sample(
        seed =>
        {
            var random = new Random(seed);
            var watch = new OwnerWatch();
            var renewedAt = 0.0;
            var isAway = false;
            for (var tenth = 0; tenth < 3_000; tenth++)
            {
                var now = tenth / 10.0;
                isAway = random.Next(isAway ? 60 : 200) == 0 ? !isAway : isAway;
                if (!isAway && tenth % 10 == seed % 10)
                {
                    renewedAt = now;
                }

                if (tenth % 10 != 5)
                {
                    continue;
                }

                if (isAway)
                {
                    watch.OnReadFailed();
                }
                else
                {
                    Assert.Empty(watch.OnRead([Lease(now - renewedAt)], S(now)));
                }
            }
        },
        iter: 100);

    private void Read(int until, double renewedFor, int from = 0)
    {
        for (var second = from; second <= until; second++)
        {
            Assert.Empty(_watch.OnRead([Lease(renewedFor)], S(second)));
        }
    }

    private static LeaseRecord Lease(double renewedFor) => new("acme", "127.0.0.1:11111@1", 1, S(600), S(renewedFor));

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
