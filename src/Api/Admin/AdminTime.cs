using System.Globalization;

namespace CioOrleans.Api.Admin;

/// <summary>Reads times from a query.</summary>
internal static class AdminTime
{
    /// <summary>How a time is written.</summary>
    public const string Form = "a time (2026-11-27T15:00Z), today, yesterday, or how long ago (90m, 24h, 7d)";

    /// <summary>Reads a time: <c>2026-11-27T15:00Z</c>, <c>today</c>, <c>yesterday</c> (UTC), or how long ago (<c>90m</c>, <c>24h</c>, <c>7d</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="time">The clock.</param>
    /// <param name="value">The time; null if the parameter is absent.</param>
    /// <param name="refusal">What is wrong, if false is returned.</param>
    public static bool TryReadTime(this HttpRequest request, string name, TimeProvider time, out DateTimeOffset? value, out string refusal)
    {
        (value, refusal) = (null, $"'{name}' is {Form}.");
        if (request.Text(name) is not { } text)
        {
            return true;
        }

        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.Date, TimeSpan.Zero);
        value = text.ToLowerInvariant() switch
        {
            "today" => today,
            "yesterday" => today.AddDays(-1),
            [.. var number, 's' or 'm' or 'h' or 'd'] when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count is >= 0 and < 1e6 =>
                now - (count * (text[^1] switch { 's' or 'S' => TimeSpan.FromSeconds(1), 'm' or 'M' => TimeSpan.FromMinutes(1), 'h' or 'H' => TimeSpan.FromHours(1), _ => TimeSpan.FromDays(1) })),
            _ => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given) ? given : null,
        };
        return value is not null;
    }
}
