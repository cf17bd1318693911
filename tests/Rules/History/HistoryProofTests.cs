using CioOrleans.Configuration;
using CioOrleans.Grains.History;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.History;

public sealed class HistoryProofTests
{
    private const long Second = 1_000_000;

    private static readonly long _start = HistoryId.Microseconds(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero));

    private static readonly DateTimeOffset _from = HistoryId.ToTime(_start);
    private static readonly DateTimeOffset _to = HistoryId.ToTime(_start + (3_600 * Second));

    [Fact]
    public void The_most_of_any_window_is_what_trying_every_window_finds() =>
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[0, 700]).List[0, 60].Sample(intervals =>
        {
            var rows = intervals.Select(interval => Request(interval.Item1, interval.Item1 + interval.Item2)).ToList();

            var proof = Assert.Single(Prove(rows, Started(permits: 3, milliseconds: 500)).Limits);

            Assert.Equal(MostByTrying(intervals, 500), proof.Most);
            Assert.Equal(proof.Most, proof.MostWithExactClocks);
        });

    [Fact]
    public void Bounds_that_were_rounded_outward_never_hide_a_request_and_exact_ones_count_no_more() =>
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[0, 300], Gen.Int[0, 20]).List[1, 60].Sample(intervals =>
        {
            var rows = intervals.Select(i => Request(i.Item1 - i.Item3, i.Item1 + i.Item2 + i.Item3) with { Precision = i.Item3 * 1_000 }).ToList();

            var proof = Assert.Single(Prove(rows, Started(permits: 3, milliseconds: 500)).Limits);

            Assert.True(proof.Most >= MostByTrying([.. intervals.Select(i => (i.Item1, i.Item2))], 500));
            Assert.True(proof.MostWithExactClocks <= proof.Most);
        });

    [Theory]
    [InlineData(0, ProofVerdict.Broken)]
    [InlineData(1, ProofVerdict.NotJudged)]
    public void One_request_too_many_breaks_the_limit_unless_the_clocks_are_too_coarse_to_tell(int precision, ProofVerdict verdict)
    {
        // The third one is sent exactly one window after the first ended, less what its bounds may be off.
        List<ProofRow> rows = [Request(0, 10), Request(20, 30), Request(1_010 - 1, 1_030)];
        rows = [.. rows.Select(row => row with { Precision = precision * 1_000 })];

        var report = Prove(rows, Started(permits: 2, milliseconds: 1_000));

        Assert.Equal(3, Assert.Single(report.Limits).Most);
        Assert.Equal(verdict, report.Verdict);
    }

    [Fact]
    public void A_token_that_is_used_again_exactly_one_window_after_its_request_ended_is_within_the_limit()
    {
        List<ProofRow> rows = [Request(0, 10), Request(20, 30), Request(1_010, 1_020), Request(1_030, 1_500), Request(2_020, 2_021)];

        var report = Prove(rows, Started(permits: 2, milliseconds: 1_000));

        Assert.Equal(2, Assert.Single(report.Limits).Most);
        Assert.Equal(ProofVerdict.Kept, report.Verdict);
        Assert.Equal(5, report.Requests);
    }

    [Fact]
    public void Classes_that_share_a_limit_count_together_and_others_apart()
    {
        LimitGroupSettings[] groups =
        [
            new([LimitClass.Identify, LimitClass.Track], [new RateLimit(2, TimeSpan.FromSeconds(1)), new RateLimit(100, TimeSpan.FromSeconds(60))]),
            new([LimitClass.Page], [new RateLimit(5, TimeSpan.FromSeconds(1))]),
        ];
        List<ProofRow> rows =
        [
            Request(0, 10) with { LimitClass = LimitClass.Identify }, Request(5, 15), Request(6, 16), Request(7, 17) with { LimitClass = LimitClass.Page },
        ];

        var report = Prove(rows, new HistoryNote.OwnerStarted(_start, 1, KeptAttempts.All, TokenReturn.AfterResponse, groups, TimeSpan.FromSeconds(12)));

        Assert.Equal([(2, 3, ProofVerdict.Broken), (100, 3, ProofVerdict.Kept), (5, 1, ProofVerdict.Kept)], report.Limits.Select(limit => (limit.Permits, limit.Most, limit.Verdict)));
    }

    [Fact]
    public void All_calls_of_a_batch_are_one_request()
    {
        var batch = Enumerable.Range(1, 50).Select(customer => Request(100, 200) with { Customer = customer, Sequence = 1, Permit = 7 });

        var report = Prove([.. batch, Request(150, 160) with { Permit = 8 }], Started(permits: 2, milliseconds: 1_000));

        Assert.Equal((2, 2, 51), (report.Requests, Assert.Single(report.Limits).Most, report.Rows));
        Assert.Equal(ProofVerdict.Kept, report.Verdict);
    }

    [Fact]
    public void A_permit_whose_report_never_came_and_whose_row_is_there_after_all_is_one_request()
    {
        List<ProofRow> rows = [Request(100, 200) with { Permit = 7 }, Request(90, 12_000) with { Permit = 7, Customer = 0, Sequence = 0, Result = HistoryResult.Unreported }];

        Assert.Equal(1, Prove(rows, Started()).Requests);
    }

    public static TheoryData<HistoryResult> Results => [.. Enum.GetValues<HistoryResult>()];

    /// <summary>The results of attempts of a call, which say in which queue its request belongs.</summary>
    public static TheoryData<HistoryResult> ResultsOfAttempts =>
        [.. Enum.GetValues<HistoryResult>().Except([HistoryResult.Discarded, HistoryResult.Forwarded, HistoryResult.Unanswered, HistoryResult.Unreported])];

    [Theory]
    [MemberData(nameof(Results))]
    public void One_request_too_many_is_found_whatever_became_of_it_and_in_every_class(HistoryResult result)
    {
        foreach (var limitClass in Enum.GetValues<LimitClass>())
        {
            var started = Started(permits: 2) with { Groups = [new LimitGroupSettings([limitClass], [new RateLimit(2, TimeSpan.FromSeconds(1))])] };
            List<ProofRow> rows = [.. new[] { Request(0, 10), Request(20, 30), Request(40, 50) }.Select((row, i) => row with { LimitClass = limitClass, Permit = i + 1 })];

            Assert.Equal(ProofVerdict.Kept, Prove([.. rows.Take(2), rows[2] with { Result = result, Sent = null }], started).Verdict);
            Assert.Equal(ProofVerdict.Broken, Prove([.. rows.Take(2), rows[2] with { Result = result }], started).Verdict);
            Assert.Equal(ProofVerdict.Broken, Prove([rows[0] with { Result = result }, .. rows.Skip(1)], started).Verdict);
        }
    }

    [Theory]
    [MemberData(nameof(ResultsOfAttempts))]
    public void A_request_at_the_wrong_time_is_found_whatever_became_of_it(HistoryResult result)
    {
        var overlap = Prove([Call(1, 1, 0, 100) with { Result = result }, Call(1, 1, 90, 150), Call(1, 2, 200, 210)], Started());
        var order = Prove([Call(1, 2, 0, 10) with { Result = result }, Call(1, 1, 20, 30)], Started());

        Assert.Contains(overlap.Violations, violation => violation is { Kind: ProofViolationKind.Overlap, Customer: 1, Sequence: 1 });
        Assert.Contains(order.Violations, violation => violation is { Kind: ProofViolationKind.Order, Customer: 1, Sequence: 2, OtherSequence: 1 });
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void An_end_behind_an_end_is_found_unless_the_call_was_held(HistoryResult result)
    {
        var report = Prove([Call(1, 1, 0, 10) with { Result = result }, Call(1, 1, 20, 30)], Started());

        Assert.Equal(result.IsEnd(), report.Violations.Any(violation => violation.Kind == ProofViolationKind.SecondEnd));
    }

    [Fact]
    public void What_was_certainly_not_sent_is_no_request()
    {
        List<ProofRow> rows = [Request(0, 10) with { Sent = null, Result = HistoryResult.Failed }];

        Assert.Equal(0, Prove(rows, Started(permits: 1)).Requests);
    }

    [Fact]
    public void After_send_there_is_a_bound_and_no_proof()
    {
        var started = Started(permits: 1) with { TokenReturn = TokenReturn.AfterSend };

        var report = Prove([Request(0, 400), Request(300, 900)], started);

        Assert.Equal((2, true, ProofVerdict.NotJudged), Assert.Single(report.Limits) is var limit ? (limit.Most, limit.IsBoundOnly, limit.Verdict) : default);
    }

    [Fact]
    public void A_call_that_is_sent_after_a_later_one_is_found()
    {
        var report = Prove([Call(1, 2, 0, 10), Call(1, 1, 20, 30)], Started());

        Assert.Equal((ProofViolationKind.Order, 1L, 2L, 1L), Assert.Single(report.Violations) is var found ? (found.Kind, found.Customer, found.Sequence, found.OtherSequence) : default);
        Assert.Equal(ProofVerdict.Broken, report.Verdict);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 0)]
    public void Two_requests_of_one_customer_that_overlap_by_more_than_the_clocks_are_off_are_found(int precision, int found)
    {
        var report = Prove([Call(1, 1, 0, 100) with { Precision = precision * 1_000 }, Call(1, 2, 97, 200) with { Precision = precision * 1_000 }], Started());

        Assert.Equal(found, report.ViolationCount);
        Assert.All(report.Violations, violation => Assert.Equal(ProofViolationKind.Overlap, violation.Kind));
    }

    [Fact]
    public void An_early_request_that_lasts_over_several_later_ones_is_found()
    {
        var report = Prove([Call(1, 1, 0, 10), Call(1, 2, 5, 400), Call(1, 3, 20, 30)], Started());

        Assert.Contains(report.Violations, violation => violation is { Kind: ProofViolationKind.Overlap, Sequence: 1, OtherSequence: 3 } or { Kind: ProofViolationKind.Overlap, Sequence: 1, OtherSequence: 2 });
    }

    [Fact]
    public void A_second_end_and_an_attempt_after_the_end_are_found()
    {
        Assert.Equal(ProofViolationKind.SecondEnd, Assert.Single(Prove([Call(1, 1, 0, 10), Call(1, 1, 20, 30)], Started()).Violations).Kind);
        Assert.Equal(
            ProofViolationKind.SecondEnd,
            Assert.Single(Prove([Call(1, 1, 0, 10), Call(1, 1, 20, 30) with { Result = HistoryResult.Failed }], Started()).Violations).Kind);
    }

    [Fact]
    public void A_call_that_was_left_behind_without_an_end_is_found_and_one_that_still_waits_is_counted()
    {
        var failed = Call(1, 1, 0, 10) with { Result = HistoryResult.Failed };

        Assert.Equal(ProofViolationKind.NoEnd, Assert.Single(Prove([failed, Call(1, 2, 20, 30)], Started()).Violations).Kind);
        Assert.Equal((0, 1), Prove([failed], Started()) is var waits ? (waits.ViolationCount, waits.OpenCalls) : default);
    }

    [Fact]
    public void An_end_that_may_not_have_been_recorded_is_not_judged()
    {
        var report = Prove(
            [Call(1, 1, 0, 10) with { Result = HistoryResult.Failed }, Call(1, 2, 20, 30)], Started(), new HistoryNote.RowsDropped(_start + 20_000, _start + 10_000, 1));

        Assert.Equal((0, ProofVerdict.NotJudged), (report.ViolationCount, report.Verdict));
        Assert.Contains(report.NotJudged, span => span.Why == NotJudgedReason.EndsMissing);
    }

    [Fact]
    public void Retries_used_up_attempts_and_discards_from_the_middle_of_a_queue_are_no_violation()
    {
        var report = Prove(
            [
                Call(1, 1, 0, 10) with { Result = HistoryResult.Failed }, Call(1, 1, 100, 110) with { Result = HistoryResult.Failed },
                Call(1, 1, 115, 115) with { Result = HistoryResult.UsedUp, Sent = null }, Call(1, 4, 116, 116) with { Result = HistoryResult.Discarded, Sent = null },
                Call(1, 2, 120, 130), Call(1, 3, 140, 150), Call(1, 5, 160, 170), Call(2, 1, 0, 1_000),
            ],
            Started());

        Assert.Equal((ProofVerdict.Kept, 0L), (report.Verdict, report.OpenCalls));
    }

    [Fact]
    public void A_request_whose_bounds_are_coarser_than_the_window_breaks_no_limit_and_the_limit_is_not_judged()
    {
        // While a process was frozen its clock was known to a second and a half.
        var report = Prove([Request(0, 100), Request(300, 3_400) with { Permit = 2 }, Request(1_000, 4_100) with { Precision = 1_500_000 }, Request(1_900, 2_000)], Started(permits: 2));

        Assert.Equal((ProofVerdict.NotJudged, 3, 2), Assert.Single(report.Limits) is var limit ? (limit.Verdict, limit.Most, limit.MostWithExactClocks) : default);
    }

    [Fact]
    public void Bounds_of_a_clock_that_change_places_break_no_order_and_what_certainly_came_too_early_does()
    {
        // Just before the clock was sampled anew a bound was 30 ms wide.
        ProofRow[] rows = [Call(1, 1, 100, 150) with { Precision = 30_000 }, Call(1, 2, 122, 142) with { Precision = 1_000 }, Call(1, 3, 160, 170)];
        Assert.Equal(ProofVerdict.Kept, Prove([.. rows], Started()).Verdict);

        rows[0] = rows[0] with { Precision = 20_000 };
        Assert.Equal(ProofViolationKind.Order, Assert.Single(Prove([.. rows], Started()).Violations).Kind);
    }

    [Fact]
    public void A_frozen_process_that_sees_the_end_of_its_request_late_breaks_nothing_when_another_has_sent_the_call_again()
    {
        // Sent at 0, ended with its time-out of 5 s, seen after 15 s. Meanwhile the next activation has sent the call again.
        foreach (var late in new[] { HistoryResult.Failed, HistoryResult.Repeated })
        {
            var report = Prove([Call(1, 1, 0, 15_000) with { Precision = 10_000_000, Result = late }, Call(1, 1, 11_000, 11_050), Call(1, 2, 12_000, 12_050)], Started());
            Assert.Equal((0L, 0L), (report.ViolationCount, report.OpenCalls));
        }
    }

    [Fact]
    public void The_end_of_an_owner_that_handed_nothing_over_is_not_judged()
    {
        var report = Prove([Request(1_000, 1_100)], Started(), Started(epoch: 2, at: 30_000));

        var span = Assert.Single(report.NotJudged);
        Assert.Equal(NotJudgedReason.LostOwner, span.Why);
        Assert.Equal((_start, _start + (42 * Second)), (HistoryId.Microseconds(span.From), HistoryId.Microseconds(span.To)));
    }

    [Fact]
    public void What_was_under_way_at_an_owners_end_is_not_judged_whatever_other_silos_have_stored_since()
    {
        var report = Prove(
            [Request(50_000, 50_100), Request(50_001, 61_000), Request(50_002, 63_000) with { Result = HistoryResult.Unreported }], Started(), Started(epoch: 2, at: 64_000));

        var span = Assert.Single(report.NotJudged, span => span.Why == NotJudgedReason.LostOwner);
        Assert.Equal((_start + (26_002 * (Second / 1_000)), _start + (76 * Second)), (HistoryId.Microseconds(span.From), HistoryId.Microseconds(span.To)));
    }

    [Fact]
    public void An_owner_that_stopped_in_good_order_leaves_nothing_open()
    {
        var report = Prove([Request(1_000, 1_100)], Started(), new HistoryNote.OwnerStopped(_start + (2 * Second), 1), Started(epoch: 2, at: 2_100));

        Assert.Equal(ProofVerdict.Kept, report.Verdict);
    }

    [Fact]
    public void Owners_without_a_record_and_rows_of_them_are_not_judged()
    {
        var report = Prove(
            [Request(1_000, 1_100), Request(5_000, 5_100) with { Epoch = 2 }],
            Started(), new HistoryNote.OwnerStopped(_start + (2 * Second), 1), Started(epoch: 3, at: 9_000));

        Assert.Equal(2, report.NotJudged.Count);
        Assert.All(report.NotJudged, span => Assert.Equal(NotJudgedReason.NoRecord, span.Why));
    }

    [Theory]
    [InlineData(KeptAttempts.Failed)]
    [InlineData(KeptAttempts.Off)]
    public void Attempts_that_are_not_kept_are_not_judged(KeptAttempts kept) =>
        Assert.Equal(NotJudgedReason.NotKept, Assert.Single(Prove([], Started() with { Kept = kept }).NotJudged).Why);

    [Fact]
    public void Deleted_and_dropped_rows_and_what_is_still_under_way_are_not_judged()
    {
        HistoryNote[] notes = [Started(), new HistoryNote.RowsDeleted(_start + Second), new HistoryNote.RowsDropped(_start + (9 * Second), _start + (8 * Second), 5)];
        var proof = new HistoryProof(notes, _from, _to, _to.AddSeconds(-10));

        Assert.Equal([NotJudgedReason.UnderWay, NotJudgedReason.RowsDropped, NotJudgedReason.RowsDeleted], proof.End().NotJudged.Select(span => span.Why));
    }

    [Fact]
    public void Limits_that_changed_are_judged_apart_and_the_windows_in_between_are_not()
    {
        var report = Prove(
            [Request(0, 10), Request(10, 20), Request(10_000, 10_010) with { Epoch = 2 }],
            Started(permits: 2), new HistoryNote.OwnerStopped(_start + Second, 1), Started(epoch: 2, at: 9_000, permits: 1));

        Assert.Equal(NotJudgedReason.LimitsChanged, Assert.Single(report.NotJudged).Why);
        Assert.Equal([(1, 1), (2, 2)], report.Limits.Select(limit => (limit.Permits, limit.Most)));
    }

    [Fact]
    public void A_span_in_which_limits_were_not_recorded_at_all_is_not_judged() => Assert.Equal(ProofVerdict.NotJudged, Prove([Request(0, 10)]).Verdict);

    [Fact]
    public void More_customers_than_can_be_followed_are_said()
    {
        var proof = new HistoryProof([Started()], _from, _to, _to, customers: 20);
        foreach (var row in Enumerable.Range(0, 100).Select(i => Call(i + 1, 1, i * 10, (i * 10) + 1)).OrderByDescending(row => row.Ended))
        {
            proof.Add(row);
        }

        Assert.Equal(NotJudgedReason.ManyCustomers, Assert.Single(proof.End().NotJudged).Why);
    }

    private static ProofReport Prove(List<ProofRow> rows, params HistoryNote[] notes)
    {
        var proof = new HistoryProof(notes, _from, _to, _to.AddDays(1));
        foreach (var row in rows.OrderByDescending(row => row.Ended))
        {
            proof.Add(row);
        }

        return proof.End();
    }

    /// <summary>The number of intervals that meet the window, for every window that begins at a time that can make a difference.</summary>
    private static int MostByTrying(List<(int Sent, int Lasted)> intervals, int window) =>
        Enumerable.Range(-window, 3_500 + window).Max(begin => intervals.Count(i => i.Sent < begin + window && i.Sent + i.Lasted >= begin));

    private static HistoryNote.OwnerStarted Started(int permits = 100, int milliseconds = 1_000, long epoch = 1, long at = 0) => new(
        _start + (at * 1_000),
        epoch,
        KeptAttempts.All,
        TokenReturn.AfterResponse,
        [new LimitGroupSettings([LimitClass.Track], [new RateLimit(permits, TimeSpan.FromMilliseconds(milliseconds))])],
        TimeSpan.FromSeconds(12));

    /// <summary>Times in milliseconds.</summary>
    private static ProofRow Request(long sent, long ended) =>
        new(_start + (sent * 1_000), _start + (ended * 1_000), 0, 1, 0, LimitClass.Track, 0, 0, HistoryResult.Delivered);

    private static ProofRow Call(long customer, long sequence, long sent, long ended) => Request(sent, ended) with { Customer = customer, Sequence = sequence };
}
