namespace CioOrleans.Sandbox.Latency;

/// <summary>The distribution of an answer's delay: <see cref="Min"/> plus an exponential, capped at <see cref="Max"/>.</summary>
public sealed record LatencyDistribution
{
    private LatencyDistribution(TimeSpan min, TimeSpan mean, TimeSpan max)
    {
        if (min < TimeSpan.Zero || mean < min || max < mean)
        {
            throw new ArgumentException($"Latency needs 0 <= min <= mean <= max, not {min}, {mean}, {max}.");
        }

        (Min, Mean, Max) = (min, mean, max);
    }

    /// <summary>No delay.</summary>
    public static LatencyDistribution None { get; } = Constant(TimeSpan.Zero);

    /// <summary>The shortest delay.</summary>
    public TimeSpan Min { get; }

    /// <summary>The mean before the cap: the exponential's own mean is <c>Mean - Min</c>.</summary>
    public TimeSpan Mean { get; }

    /// <summary>The cap.</summary>
    public TimeSpan Max { get; }

    /// <summary>A fixed delay.</summary>
    public static LatencyDistribution Constant(TimeSpan latency) => new(latency, latency, latency);

    /// <summary>
    /// <paramref name="min"/> plus an exponential, capped at <paramref name="max"/>. <paramref name="mean"/> is the mean of the sum before the cap.
    /// </summary>
    public static LatencyDistribution Exponential(TimeSpan min, TimeSpan mean, TimeSpan max) => new(min, mean, max);

    /// <summary>Draws a delay.</summary>
    public TimeSpan Sample(Random random)
    {
        var sample = Mean == Min ? Min : Min + ((Mean - Min) * -Math.Log(1 - random.NextDouble()));
        return sample < Max ? sample : Max;
    }
}
