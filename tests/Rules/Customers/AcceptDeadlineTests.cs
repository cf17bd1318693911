using System.Reflection;
using CioOrleans.Leasing;
using CsCheck;

namespace CioOrleans.Customers;

public sealed class AcceptDeadlineTests
{
    private static readonly AcceptDeadline _deadline = new(TimeSpan.FromSeconds(100));

    [Theory]
    [InlineData(90, 99.9999, false, false)]
    [InlineData(90, 100, true, false)]
    [InlineData(99.9999, 200, true, false)]
    [InlineData(100, 200, true, true)]
    public void The_grain_judges_by_the_latest_time_and_the_caller_by_the_earliest(double earliest, double latest, bool mayHavePassed, bool hasPassed)
    {
        var now = new ClockBounds(TimeSpan.FromSeconds(earliest), TimeSpan.FromSeconds(latest));

        Assert.Equal((mayHavePassed, hasPassed), (_deadline.MayHavePassed(now), _deadline.HasPassed(now)));
    }

    [Fact]
    public void No_call_of_a_grain_takes_longer_than_its_deadline()
    {
        var methods = typeof(AcceptDeadline).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(AcceptDeadline)))
            .ToArray();

        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.Equal(AcceptDeadline.Length, method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout));
    }

    [Fact]
    public void A_deadline_leaves_its_whole_length_to_a_grain_that_knows_the_clock_exactly()
    {
        var now = new ClockBounds(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(95));

        Assert.Equal(new AcceptDeadline(TimeSpan.FromSeconds(100)), AcceptDeadline.After(now, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void An_accept_without_a_deadline_has_always_ended()
    {
        Assert.True(default(AcceptDeadline).MayHavePassed(ClockBounds.Exactly(TimeSpan.Zero)));
        Assert.True(default(AcceptDeadline).MayHavePassed(ClockBounds.Exactly(TimeSpan.FromDays(20_000))));
    }

    [Fact]
    public void Where_the_clock_is_not_known_a_deadline_may_have_passed_and_has_not_for_certain()
    {
        Assert.True(_deadline.MayHavePassed(ClockBounds.Unknown));
        Assert.False(_deadline.HasPassed(ClockBounds.Unknown));
    }

    /// <summary>Times in milliseconds. Two processes with bounds of their own look at one deadline; the clock goes on between their looks.</summary>
    [Fact]
    public void Once_a_caller_has_seen_it_pass_no_grain_takes_the_call_any_more()
    {
        var error = Gen.Int[0, 500];
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[0, 2_000], Gen.Int[0, 300], Gen.Select(error, error, error, error)).Sample((deadlineAt, callerAt, later, errors) =>
        {
            var deadline = new AcceptDeadline(TimeSpan.FromMilliseconds(deadlineAt));
            var caller = Bounds(callerAt, errors.Item1, errors.Item2);
            var grain = Bounds(callerAt + later, errors.Item3, errors.Item4);

            Assert.True(!deadline.HasPassed(caller) || deadline.MayHavePassed(grain));
        });
    }

    private static ClockBounds Bounds(int at, int before, int after) => new(TimeSpan.FromMilliseconds(at - before), TimeSpan.FromMilliseconds(at + after));
}
