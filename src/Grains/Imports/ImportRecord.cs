using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Importing;

namespace CioOrleans.Imports;

/// <summary>What is stored of an import.</summary>
/// <param name="StartedAt">When it was first heard of (UTC).</param>
/// <param name="Rows">How many people there are in all; null where nobody has said.</param>
/// <param name="Sources">The totals of every process that has counted.</param>
internal sealed record ImportRecord(DateTimeOffset StartedAt, long? Rows, Dictionary<string, ImportCounts> Sources)
{
    /// <summary>The source of what was found by counting the outbox.</summary>
    public const string Recount = "recount";

    public ImportCounts Total => Sources.Values.Aggregate(default(ImportCounts), (sum, counts) => sum + counts);

    /// <summary>Calls that are accepted and not settled.</summary>
    public long Waiting => Math.Max(0, Total.Calls - Total.Settled());

    /// <summary>Calls that have to be settled until the end: of those who were announced and have not come yet, as many a person as of the others.</summary>
    public double Remaining
    {
        get
        {
            var total = Total;
            var toCome = Math.Max(0, (Rows ?? 0) - total.Accepted - total.Refused);
            return Waiting + (toCome * (total.Accepted > 0 ? (double)total.Calls / total.Accepted : 1));
        }
    }

    /// <summary>The same, corrected by what really waits: what a process had counted and not told when it died is found again.</summary>
    public ImportRecord WithWaiting(long waiting)
    {
        var found = Sources.GetValueOrDefault(Recount);
        var missing = Total.Calls - Total.Settled() - waiting;
        var corrected = missing >= 0 ? found with { Delivered = found.Delivered + missing } : found with { Calls = found.Calls - missing };
        return this with { Sources = new(Sources) { [Recount] = corrected } };
    }

    public string ToJson() => JsonSerializer.Serialize(this, ImportRecordJson.Default.ImportRecord);

    public static ImportRecord? FromJson(string json) => JsonSerializer.Deserialize(json, ImportRecordJson.Default.ImportRecord);
}

[JsonSerializable(typeof(ImportRecord))]
internal sealed partial class ImportRecordJson : JsonSerializerContext;
