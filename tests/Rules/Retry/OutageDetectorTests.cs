using CioOrleans.Grains.Retry;

namespace CioOrleans.Retry;

public sealed class OutageDetectorTests
{
    private readonly OutageDetector _detector = new();

    [Fact]
    public void A_failure_is_the_calls_own_when_somebody_else_got_through_since_it_began()
    {
        Record("other", succeeded: true, at: 10);
        Record("mine", succeeded: false, at: 11);

        Assert.True(_detector.IsOwnFault("mine", since: At(10), At(11)));
        Assert.False(_detector.IsOwnFault("mine", since: At(10.1), At(11)));
    }

    [Fact]
    public void A_success_of_ones_own_proves_nothing()
    {
        Record("mine", succeeded: true, at: 10);
        Record("mine", succeeded: false, at: 11);

        Assert.False(_detector.IsOwnFault("mine", At(5), At(11)));
    }

    [Fact]
    public void It_is_not_the_calls_own_when_half_of_the_others_fail()
    {
        Record("good", succeeded: true, at: 10);
        Record("bad", succeeded: false, at: 11);

        Assert.False(_detector.IsOwnFault("mine", At(5), At(12)));

        Record("better", succeeded: true, at: 12);

        Assert.True(_detector.IsOwnFault("mine", At(5), At(12)));
    }

    [Fact]
    public void A_customer_whose_call_fails_again_and_again_has_one_vote()
    {
        Record("good", succeeded: true, at: 10);
        Record("better", succeeded: true, at: 10);
        for (var i = 0; i < 50; i++)
        {
            Record("bad", succeeded: false, at: 11);
        }

        Assert.True(_detector.IsOwnFault("mine", At(5), At(12)));
    }

    [Fact]
    public void What_is_older_than_half_a_minute_is_forgotten()
    {
        Record("other", succeeded: true, at: 10);

        Assert.True(_detector.IsOwnFault("mine", At(5), At(40)));
        Assert.False(_detector.IsOwnFault("mine", At(5), At(40.001)));
    }

    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(5, 2, false)]
    [InlineData(50, 2, false)]
    [InlineData(5, 3, true)]
    public void Five_failures_in_a_row_of_three_customers_are_an_outage(int failures, int customers, bool isOutage)
    {
        Record("good", succeeded: true, at: 9);
        for (var i = 0; i < failures; i++)
        {
            Record($"c{i % customers}", succeeded: false, at: 10);
        }

        Assert.Equal(isOutage, _detector.IsOutage(At(10)));
    }

    [Fact]
    public void A_success_in_between_breaks_the_row()
    {
        for (var i = 0; i < 4; i++)
        {
            Record($"c{i}", succeeded: false, at: 10);
        }

        Record("good", succeeded: true, at: 10);
        Record("c5", succeeded: false, at: 10);

        Assert.False(_detector.IsOutage(At(10)));
    }

    [Theory]
    [InlineData(8, 8, false)]
    [InlineData(10, 10, true)]
    [InlineData(11, 10, false)]
    [InlineData(20, 30, true)]
    public void Half_of_twenty_or_more_failing_is_an_outage(int successes, int failures, bool isOutage)
    {
        for (var i = 0; i < Math.Max(successes, failures); i++)
        {
            if (i < failures)
            {
                Record($"bad{i}", succeeded: false, at: 10);
            }

            if (i < successes)
            {
                Record($"good{i}", succeeded: true, at: 10);
            }
        }

        // The last one breaks every row of failures.
        Record("good", succeeded: true, at: 10);
        Record("bad", succeeded: false, at: 10);

        Assert.Equal(isOutage, _detector.IsOutage(At(10)));
    }

    [Fact]
    public void Clearing_forgets_everything()
    {
        for (var i = 0; i < 30; i++)
        {
            Record($"c{i}", succeeded: false, at: 10);
        }

        _detector.Clear();

        Assert.False(_detector.IsOutage(At(10)));
    }

    [Fact]
    public void Only_the_latest_outcomes_are_kept()
    {
        Record("good", succeeded: true, at: 10);
        for (var i = 0; i < OutageDetector.Size; i++)
        {
            Record("mine", succeeded: false, at: 10);
        }

        Assert.False(_detector.IsOwnFault("mine", At(5), At(10)));
    }

    private void Record(string customer, bool succeeded, double at) => _detector.Record(customer, succeeded, At(at));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
