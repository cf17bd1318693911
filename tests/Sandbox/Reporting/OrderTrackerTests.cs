using CsCheck;

namespace CioOrleans.Sandbox.Reporting;

public sealed class OrderTrackerTests
{
    private readonly OrderTracker _tracker = new();

    [Fact]
    public void Rising_seqs_are_in_order()
    {
        Record("a", 1, 2, 3);
        Record("b", 7, 8);

        var report = _tracker.Report();
        Assert.Equal((5, 2, 5, 0), (report.Processed, report.Customers, report.DistinctSeqs, report.MissingSeqs));
        Assert.Equal((0, 0), (report.OrderViolations, report.Duplicates));
        Assert.Empty(report.Problems);
    }

    [Fact]
    public void A_new_seq_below_the_highest_is_an_order_violation()
    {
        Record("a", 1, 3, 2);

        Assert.Equal((1, 0, 0), (_tracker.Report().OrderViolations, _tracker.Report().Duplicates, _tracker.Report().MissingSeqs));
        Assert.Equal([new OrderProblem("a", "order", 2, 3, 3)], _tracker.Report().Problems);
    }

    [Fact]
    public void A_repeat_of_the_last_call_is_a_duplicate_and_not_stale()
    {
        Record("a", 1, 2, 2);

        Assert.Equal((0, 1, 0), (_tracker.Report().OrderViolations, _tracker.Report().Duplicates, _tracker.Report().StaleDuplicates));
    }

    [Fact]
    public void A_repeat_from_further_back_is_a_stale_duplicate_and_no_order_violation()
    {
        Record("a", 1, 2, 1);

        Assert.Equal((0, 1, 1), (_tracker.Report().OrderViolations, _tracker.Report().Duplicates, _tracker.Report().StaleDuplicates));
        Assert.Equal([new OrderProblem("a", "stale-duplicate", 1, 2, 3)], _tracker.Report().Problems);
    }

    [Fact]
    public void Gaps_are_counted_until_they_are_filled()
    {
        Record("a", 1, 5);
        Assert.Equal(3, _tracker.Report().MissingSeqs);

        Record("a", 3);
        Assert.Equal(2, _tracker.Report().MissingSeqs);
        Assert.Equal(new CustomerReport("a", 3, 3, 2, 1, 0), _tracker.Customer("a"));
    }

    [Theory]
    [InlineData(11, 0, 1)]
    [InlineData(12, 1, 1)]
    [InlineData(0, 1, 0)]
    public void A_repeated_event_is_harmless_only_with_the_id_that_came_first(ulong id, int withAnotherId, int idDuplicates)
    {
        _tracker.Record("a", new ProcessedCall(1, IsEvent: true, EventId: 11));
        _tracker.Record("a", new ProcessedCall(1, IsEvent: true, EventId: id));

        Assert.Equal(1, _tracker.Report().Duplicates);
        Assert.Equal(withAnotherId, _tracker.Report().DuplicatesWithAnotherId);
        Assert.Equal(idDuplicates == 1 && id == 11 ? 1 : 0, _tracker.Report().EventIdDuplicates);
    }

    [Fact]
    public void A_repeated_identify_needs_no_id()
    {
        _tracker.Record("a", new ProcessedCall(1));
        _tracker.Record("a", new ProcessedCall(1));

        Assert.Equal((1, 0), (_tracker.Report().Duplicates, _tracker.Report().DuplicatesWithAnotherId));
    }

    [Theory]
    [InlineData(5, 5, 0)]
    [InlineData(5, 6, 1)]
    [InlineData(5, 0, 1)]
    public void A_repeat_with_another_timestamp_is_told(ulong first, ulong second, int expected)
    {
        _tracker.Record("a", new ProcessedCall(1, Timestamp: first));
        _tracker.Record("a", new ProcessedCall(1, Timestamp: second));

        Assert.Equal(expected, _tracker.Report().DuplicatesWithAnotherTimestamp);
    }

    [Fact]
    public void An_event_id_is_recognised_without_a_seq_and_across_customers()
    {
        _tracker.Record("a", new ProcessedCall(null, IsEvent: true, EventId: 64));
        _tracker.Record("b", new ProcessedCall(null, IsEvent: true, EventId: 64));
        _tracker.Record(null, new ProcessedCall(null, IsEvent: true, EventId: 128));

        var report = _tracker.Report();
        Assert.Equal((3, 2, 2, 1), (report.Processed, report.Customers, report.DistinctEventIds, report.EventIdDuplicates));
    }

    [Fact]
    public void Only_the_first_hundred_problems_are_kept()
    {
        Record("a", [.. Enumerable.Repeat(1L, 202)]);

        Assert.Equal(201, _tracker.Report().Duplicates);
        Assert.Equal(100, _tracker.Report().Problems.Count);
    }

    [Fact]
    public void Any_sequence_is_judged_as_the_definition_says() =>
        Gen.Select(Gen.Int[0, 2], Gen.Long[-20, 20]).List[0, 300].Sample(calls =>
        {
            var tracker = new OrderTracker();
            var (violations, duplicates, stale) = (0, 0, 0);
            var seen = new Dictionary<int, HashSet<long>>();
            foreach (var (customer, seq) in calls)
            {
                var seqs = seen.TryGetValue(customer, out var known) ? known : seen[customer] = [];
                var highest = seqs.Count == 0 ? long.MinValue : seqs.Max();
                var isNew = seqs.Add(seq);
                violations += isNew && seq < highest ? 1 : 0;
                duplicates += isNew ? 0 : 1;
                stale += !isNew && seq < highest ? 1 : 0;
                tracker.Record(customer.ToString(System.Globalization.CultureInfo.InvariantCulture), new ProcessedCall(seq));
            }

            var report = tracker.Report();
            Assert.Equal((violations, duplicates, stale), (report.OrderViolations, report.Duplicates, report.StaleDuplicates));
            Assert.Equal(seen.Values.Sum(s => s.Count), report.DistinctSeqs);
            Assert.Equal(seen.Values.Sum(s => s.Max() - s.Min() + 1 - s.Count), report.MissingSeqs);
        });

    private void Record(string customer, params long[] seqs)
    {
        foreach (var seq in seqs)
        {
            _tracker.Record(customer, new ProcessedCall(seq));
        }
    }
}
