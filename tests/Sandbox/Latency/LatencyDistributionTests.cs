namespace CioOrleans.Sandbox.Latency;

public sealed class LatencyDistributionTests
{
    private static readonly TimeSpan _min = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _mean = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _max = TimeSpan.FromMilliseconds(60);

    [Fact]
    public void The_exponential_keeps_its_bounds_and_its_mean()
    {
        var random = new Random(1);
        var latency = LatencyDistribution.Exponential(_min, _mean, _max);
        var samples = Enumerable.Range(0, 100_000).Select(_ => latency.Sample(random)).ToArray();

        Assert.All(samples, s => Assert.InRange(s, _min, _max));
        Assert.Contains(_max, samples);
        Assert.InRange(samples.Average(s => s.TotalMilliseconds), 19.8, 20.05);
    }

    [Fact]
    public void A_constant_is_always_the_same()
    {
        var random = new Random(1);

        Assert.Equal(_mean, LatencyDistribution.Constant(_mean).Sample(random));
        Assert.Equal(TimeSpan.Zero, LatencyDistribution.None.Sample(random));
    }

    [Fact]
    public void Bounds_that_fall_are_refused() => Assert.Throws<ArgumentException>(() => LatencyDistribution.Exponential(_mean, _min, _max));
}
