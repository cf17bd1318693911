using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Imports;

namespace CioOrleans.Grains.Imports;

/// <summary>The stored state of an import.</summary>
/// <param name="StartedAt">When its first report arrived (UTC).</param>
/// <param name="Rows">The number of people in the import; null if no source knows it.</param>
/// <param name="Sources">The totals of each process that has counted.</param>
internal sealed record ImportRecord(DateTimeOffset StartedAt, long? Rows, Dictionary<string, ImportCounts> Sources)
{
    /// <summary>The source of the corrections that come from counting the outbox.</summary>
    public const string Recount = "recount";

    public ImportCounts Total => Sources.Values.Aggregate(default(ImportCounts), (sum, counts) => sum + counts);

    /// <summary>Accepted calls that have not ended.</summary>
    public long Waiting => Math.Max(0, Total.Calls - Total.Settled());

    /// <summary>Calls that must still end. People that are announced and have not come yet count with the average number of calls of the others.</summary>
    public double Remaining
    {
        get
        {
            var total = Total;
            var toCome = Math.Max(0, (Rows ?? 0) - total.Accepted - total.Refused);
            return Waiting + (toCome * (total.Accepted > 0 ? (double)total.Calls / total.Accepted : 1));
        }
    }

    /// <summary>
    /// The record, corrected by the number of calls that wait in the outbox. It restores the counts that a process had not reported when it died.
    /// </summary>
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
