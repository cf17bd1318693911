using System.Diagnostics.Metrics;
using System.Text.Json;
using CioOrleans.Silo.Observability;

namespace CioOrleans.Api.Answers;

/// <summary>Counts the calls that the front-end refuses, on the dispatcher's meter. No workspace is named, because it is not always known.</summary>
public sealed class RefusalMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _notKept;
    private readonly KeyValuePair<string, object?>[] _reasons;

    public RefusalMetrics(IMeterFactory meters)
    {
        _refused = meters.Create(ObservabilityExtensions.MeterName).CreateCounter<long>("cio.calls.refused", "{call}", "Calls that were not taken, by reason.");
        _notKept = meters.Create(ObservabilityExtensions.MeterName).CreateCounter<long>(
            "cio.calls.refused.lost", "{call}", "Refused Pipelines calls that were not kept for operators.");
        _reasons = [.. Enum.GetNames<RefusalReason>().Select(name => KeyValuePair.Create("reason", (object?)JsonNamingPolicy.KebabCaseLower.ConvertName(name)))];
    }

    /// <summary>Counts refused calls.</summary>
    public void Refused(RefusalReason reason, int calls = 1) => _refused.Add(calls, _reasons[(int)reason]);

    /// <summary>Counts refused calls that could not be kept for operators.</summary>
    public void NotKept(long calls) => _notKept.Add(calls);
}
