using System.Globalization;

namespace CioOrleans.Configuration;

/// <summary>The text form of durations: <c>250ms</c>, <c>1s</c>, <c>1.5m</c>, <c>2h</c>, or <c>00:00:01</c> as .NET writes it.</summary>
public static class DurationText
{
    // "ms" stands before the units that are its last letters.
    private static readonly (string Suffix, long Ticks)[] _units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration; never a negative one, and never a bare number, whose unit nobody could know.</summary>
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

    /// <summary>Writes a duration in the largest unit in which it is whole.</summary>
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
