using System.Globalization;

namespace CioOrleans.Grains.Configuration;

/// <summary>The text form of durations: <c>250ms</c>, <c>1s</c>, <c>1.5m</c>, <c>2h</c>, or <c>00:00:01</c> as .NET writes it.</summary>
public static class DurationText
{
    // "ms" comes before "s" and "m", because it ends with "s".
    private static readonly (string Suffix, long Ticks)[] _units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Parses a duration. Refuses negative ones, and a bare number, because its unit is unknown.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var trimmed = text.AsSpan().Trim();
        foreach (var (suffix, ticks) in _units)
        {
            if (trimmed.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return TryScale(trimmed[..^suffix.Length].TrimEnd(), ticks, out duration);
            }
        }

        return TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out duration)
            && trimmed.Contains(':')
            && duration >= TimeSpan.Zero;
    }

    /// <summary>Formats a duration in the largest unit in which it is a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        for (var i = _units.Length - 1; i >= 0; i--)
        {
            var (suffix, ticks) = _units[i];
            if (duration.Ticks % ticks == 0 && (duration.Ticks != 0 || suffix == "s"))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{suffix}");
            }
        }

        return duration.ToString("c", CultureInfo.InvariantCulture);
    }

    private static bool TryScale(ReadOnlySpan<char> number, long unit, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > (decimal)TimeSpan.MaxValue.Ticks / unit
            || !decimal.IsInteger(count * unit))
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(count * unit));
        return true;
    }
}
