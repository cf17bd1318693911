using CioOrleans.Configuration;

namespace CioOrleans.Grains.Retry;

/// <summary>The delay before a repeat: exponential, capped, spread by jitter.</summary>
public static class BackOff
{
    /// <summary>The delay after a failed attempt.</summary>
    /// <param name="settings">Base, cap and jitter.</param>
    /// <param name="attempt">The number of the failed attempt; 1 for the first.</param>
    /// <param name="random">Evenly distributed from 0 to 1: 0 is the shortest delay, 1 the longest.</param>
    public static TimeSpan Delay(RetrySettings settings, int attempt, double random)
    {
        var exact = settings.BaseDelay.Ticks * Math.Pow(2, attempt - 1);
        var capped = Math.Min(exact, settings.MaxDelay.Ticks);
        return TimeSpan.FromTicks((long)(capped * (1 + (settings.Jitter * ((2 * random) - 1)))));
    }

    /// <summary>The longest possible delay: the cap with its jitter.</summary>
    public static TimeSpan Longest(RetrySettings settings) => settings.MaxDelay * (1 + settings.Jitter);
}
