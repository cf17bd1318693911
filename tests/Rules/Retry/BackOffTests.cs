using CioOrleans.Configuration;
using CioOrleans.Grains.Retry;
using CsCheck;

namespace CioOrleans.Retry;

public sealed class BackOffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 32)]
    [InlineData(1_000, 32)]
    [InlineData(int.MaxValue, 32)]
    public void The_delay_doubles_up_to_the_cap(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.Delay(new RetrySettings(), attempt, random: 0.5));

    [Theory]
    [InlineData(0.0, 0.9)]
    [InlineData(0.5, 1.0)]
    [InlineData(1.0, 1.1)]
    public void Jitter_spreads_it_to_either_side(double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.Delay(new RetrySettings(), 1, random));

    [Fact]
    public void It_stays_between_zero_and_the_longest_and_never_falls_with_the_attempt() =>
        Gen.Select(Gen.Int[1, 60_000], Gen.Int[1, 600_000], Gen.Double[0, 1], Gen.Int[1, 2_000], Gen.Double[0, 1]).Sample((baseDelay, maxDelay, jitter, attempt, random) =>
        {
            var settings = new RetrySettings { BaseDelay = TimeSpan.FromMilliseconds(baseDelay), MaxDelay = TimeSpan.FromMilliseconds(maxDelay), Jitter = jitter };

            var delay = BackOff.Delay(settings, attempt, random);

            Assert.InRange(delay, TimeSpan.Zero, BackOff.Longest(settings));
            Assert.True(BackOff.Delay(settings, attempt + 1, random) >= delay);
        });
}
