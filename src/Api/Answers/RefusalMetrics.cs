using System.Diagnostics.Metrics;
using System.Text.Json;
using CioOrleans.Silo.Observability;

namespace CioOrleans.Api.Answers;

/// <summary>Counts the calls that the front-end refuses, on the dispatcher's meter. No workspace is named, because it is not always known.</summary>
public sealed class RefusalMetrics
{
    private readonly Counter<long> _refused;
    private readonly KeyValuePair<string, object?>[] _reasons;

    public RefusalMetrics(IMeterFactory meters)
    {
        _refused = meters.Create(ObservabilityExtensions.MeterName).CreateCounter<long>("cio.calls.refused", "{call}", "Calls that were not taken, by reason.");
        _reasons = [.. Enum.GetNames<RefusalReason>().Select(name => KeyValuePair.Create("reason", (object?)JsonNamingPolicy.KebabCaseLower.ConvertName(name)))];
    }

    /// <summary>Counts refused calls.</summary>
    public void Refused(RefusalReason reason, int calls = 1) => _refused.Add(calls, _reasons[(int)reason]);
}
