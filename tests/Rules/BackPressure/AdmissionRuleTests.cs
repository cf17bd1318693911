using CioOrleans.BackPressure;
using CioOrleans.Calls;
using CioOrleans.Client.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Rules.Tests.BackPressure;

public sealed class AdmissionRuleTests
{
    private static readonly BackPressureSettings _queued = new() { MaxQueued = 1_000 };

    [Fact]
    public void Nothing_configured_turns_nobody_away() =>
        Assert.Equal(Admission.Open.Instance, Judge(new BackPressureSettings(), new WorkspacePressure(long.MaxValue, TimeSpan.MaxValue, 0, 0), AdmissionRank.Bulk));

    [Theory]
    [InlineData(799, true, true, true)]
    [InlineData(800, false, true, true)]
    [InlineData(999, false, true, true)]
    [InlineData(1_000, false, false, true)]
    [InlineData(1_249, false, false, true)]
    [InlineData(1_250, false, false, false)]
    public void Imports_are_turned_away_first_and_transactional_calls_last(long queued, bool bulk, bool live, bool transactional) => Assert.Equal(
        (bulk, live, transactional),
        (IsOpen(_queued, queued, AdmissionRank.Bulk), IsOpen(_queued, queued, AdmissionRank.Live), IsOpen(_queued, queued, AdmissionRank.Transactional)));

    [Theory]
    [InlineData(1_000, 1_000, 1)]
    [InlineData(1_499, 100, 5)]
    [InlineData(5_000, 100, 10)]
    [InlineData(1_000, 0, 10)]
    public void Whoever_is_turned_away_comes_back_when_the_real_rate_has_made_room(long queued, double perSecond, int seconds) =>
        Assert.Equal(
            new Admission.Full($"{queued} calls wait, and no more are taken before some are delivered.", TimeSpan.FromSeconds(seconds)),
            Judge(_queued, new WorkspacePressure(queued, null, null, perSecond), AdmissionRank.Live));

    [Theory]
    [InlineData(59, null)]
    [InlineData(60, 1)]
    [InlineData(64, 4)]
    [InlineData(600, 10)]
    public void What_has_waited_for_too_long_turns_away(int seconds, int? retryAfter) => Assert.Equal(
        retryAfter is { } after
            ? new Admission.Full($"Calls have waited for {seconds} s, and no more are taken before those are delivered.", TimeSpan.FromSeconds(after))
            : Admission.Open.Instance,
        Judge(new BackPressureSettings { MaxAge = TimeSpan.FromMinutes(1) }, new WorkspacePressure(1, TimeSpan.FromSeconds(seconds), null, 10), AdmissionRank.Live));

    [Fact]
    public void A_disk_that_is_nearly_full_turns_away_and_one_that_is_not_known_does_not()
    {
        var settings = new BackPressureSettings { MinFreeDisk = 1_000 };

        Assert.Equal(new Admission.Full("The dispatcher's disk is nearly full.", TimeSpan.FromSeconds(10)), Judge(settings, new WorkspacePressure(0, null, 999, 10), AdmissionRank.Live));
        Assert.Equal(Admission.Open.Instance, Judge(settings, new WorkspacePressure(0, null, 1_000, 10), AdmissionRank.Live));
        Assert.IsType<Admission.Full>(Judge(settings, new WorkspacePressure(0, null, 1_249, 10), AdmissionRank.Bulk));
        Assert.Equal(Admission.Open.Instance, Judge(settings, new WorkspacePressure(0, null, 800, 10), AdmissionRank.Transactional));
        Assert.Equal(Admission.Open.Instance, Judge(settings, new WorkspacePressure(0, null, null, 10), AdmissionRank.Bulk));
    }

    [Theory]
    [InlineData(LimitClass.Batch, CallPriority.Bulk, AdmissionRank.Bulk)]
    [InlineData(LimitClass.Batch, CallPriority.Live, AdmissionRank.Live)]
    [InlineData(LimitClass.TransactionalEmail, CallPriority.Live, AdmissionRank.Transactional)]
    [InlineData(LimitClass.TransactionalPush, CallPriority.Bulk, AdmissionRank.Transactional)]
    public void A_call_has_the_rank_of_what_it_is(LimitClass limitClass, CallPriority priority, AdmissionRank rank) => Assert.Equal(rank, AdmissionRule.RankOf(new Call
    {
        Id = default,
        Kind = CallKind.Identify,
        LimitClass = limitClass,
        Priority = priority,
        Method = "POST",
        Target = "/",
        Headers = [],
        Body = [],
        AcceptedAt = default,
    }));

    private static bool IsOpen(BackPressureSettings settings, long queued, AdmissionRank rank) =>
        Judge(settings, new WorkspacePressure(queued, null, null, 1), rank) is Admission.Open;

    private static Admission Judge(BackPressureSettings settings, WorkspacePressure pressure, AdmissionRank rank) => AdmissionRule.Judge(settings, pressure, rank);
}
