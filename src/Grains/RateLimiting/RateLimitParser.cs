using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CioOrleans.Grains.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Grains.RateLimiting;

/// <summary>The text form of limits: <c>100/1s</c>, several with commas between them: <c>1000/1s, 3000/3s</c>.</summary>
public static class RateLimitParser
{
    /// <summary>The maximum number of permits of one limit, because each is a token in memory. The minimum is 1.</summary>
    public const int MaxPermits = 100_000;

    /// <summary>The shortest window: 10 ms.</summary>
    public static TimeSpan MinWindow { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest window: 1 h, because a restart waits a whole window before it sends.</summary>
    public static TimeSpan MaxWindow { get; } = TimeSpan.FromHours(1);

    /// <summary>The format that <see cref="TryParse"/> accepts, for errors.</summary>
    public static string Expected { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"permits/window such as '100/1s' or '1000/1s, 3000/3s' (permits 1 to {MaxPermits}, windows {DurationText.Format(MinWindow)} to {DurationText.Format(MaxWindow)}, each window once)");

    /// <summary>Parses one or more limits with different windows.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IReadOnlyList<RateLimit>? limits)
    {
        limits = null;
        var parsed = new List<RateLimit>();
        foreach (var part in (text ?? string.Empty).Split(','))
        {
            if (!TryParseOne(part.Trim(), out var limit) || parsed.Exists(other => other.Window == limit.Window))
            {
                return false;
            }

            parsed.Add(limit);
        }

        limits = parsed;
        return true;
    }

    /// <summary>Formats limits so that <see cref="TryParse"/> reads the same ones.</summary>
    public static string Format(IEnumerable<RateLimit> limits) =>
        string.Join(", ", limits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Permits}/{DurationText.Format(limit.Window)}")));

    private static bool TryParseOne(string text, [NotNullWhen(true)] out RateLimit? limit)
    {
        limit = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !int.TryParse(text.AsSpan(0, slash), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var permits)
            || permits is < 1 or > MaxPermits
            || !DurationText.TryParse(text[(slash + 1)..], out var window)
            || window < MinWindow
            || window > MaxWindow)
        {
            return false;
        }

        limit = new RateLimit(permits, window);
        return true;
    }
}
