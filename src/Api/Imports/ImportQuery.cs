using System.Globalization;

namespace CioOrleans.Api.Imports;

/// <summary>The query of <c>/bulk/identify</c>.</summary>
/// <param name="Import">The import's id (default: a new one).</param>
/// <param name="Rows">How many people the whole import has; null if the query does not say.</param>
/// <param name="OnlyRefused">True if the answer leaves out accepted people (default: false).</param>
internal sealed record ImportQuery(Ulid Import, long? Rows, bool OnlyRefused)
{
    /// <summary>Reads the query. Null if it is wrong; then <paramref name="error"/> says why.</summary>
    public static ImportQuery? Read(IQueryCollection query, TimeProvider time, out string error)
    {
        error = string.Empty;
        foreach (var (name, value) in query)
        {
            error = name switch
            {
                "import" when !Ulid.TryParse(value.ToString(), out _) => "'import' is no ULID. Leave it out to get a new one, or give the one of an earlier part.",
                "rows" when !long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows < 1 => "'rows' is a whole number from 1: how many people there are in all.",
                "results" when value.ToString() is not ("all" or "refused") => "'results' is 'all' or 'refused'.",
                "import" or "rows" or "results" => error,
                _ => $"'{name}' is not known here. There are import, rows and results.",
            };
        }

        return error.Length > 0 ? null : new ImportQuery(
            Ulid.TryParse(query["import"].ToString(), out var import) ? import : Ulid.NewUlid(time.GetUtcNow()),
            long.TryParse(query["rows"].ToString(), CultureInfo.InvariantCulture, out var count) ? count : null,
            query["results"] == "refused");
    }
}
