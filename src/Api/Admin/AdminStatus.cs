using System.Globalization;
using CioOrleans.History;

namespace CioOrleans.Api.Admin;

/// <summary>The parameter <c>status</c> of rows of the history and of dead letters.</summary>
/// <param name="Class">The class of results; null where the statuses alone say it.</param>
/// <param name="From">The lowest status, 0 for no answer; null for every one.</param>
/// <param name="To">The highest status.</param>
internal readonly record struct AdminStatus(HistoryStatus? Class, int? From, int? To)
{
    /// <summary>How it is written where only a class is taken.</summary>
    public const string ClassForm = "success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter";

    /// <summary>How it is written.</summary>
    public const string Form = $"{ClassForm}, or a status (422)";

    /// <summary>Whether one status was named.</summary>
    public bool IsSingle => From == To && From > 0;

    /// <summary>Reads the parameter. Returns what is wrong; null if nothing is, or if it is absent.</summary>
    public static string? Read(HttpRequest request, out AdminStatus status)
    {
        status = default;
        if (request.Text("status") is not { } text)
        {
            return null;
        }

        if (Parse(text.ToLowerInvariant()) is not { } known)
        {
            return $"There is no status '{text}': {Form}.";
        }

        status = known;
        return null;
    }

    /// <summary>Whether a row of the class has one of the statuses.</summary>
    public bool Matches(HistoryRow row) => From is not { } from || Class == HistoryStatus.NoAnswer || (row.Status >= from && row.Status <= To);

    private static AdminStatus? Parse(string text)
    {
        if (text is [>= '1' and <= '5' and var hundred, 'x', 'x'])
        {
            return Within((hundred - '0') * 100, ((hundred - '0') * 100) + 99);
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var single))
        {
            return single is >= 100 and <= 599 ? Within(single, single) : null;
        }

        return !HistoryStatuses.TryParse(text, out var status) ? null : status switch
        {
            HistoryStatus.Success => new AdminStatus(status, 200, 299),
            HistoryStatus.NoAnswer => new AdminStatus(status, 0, 0),
            _ => new AdminStatus(status, null, null),
        };
    }

    private static AdminStatus Within(int from, int to) => new(
        (from / 100) switch
        {
            3 => HistoryStatus.Redirect,
            4 => HistoryStatus.ClientError,
            5 => HistoryStatus.ServerError,
            _ => null,
        },
        from,
        to);
}
