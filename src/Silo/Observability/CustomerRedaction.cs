using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace CioOrleans.Observability;

/// <summary>
/// Customers stand in grain ids and in the paths of Customer.io's API, and frameworks put both into spans. So a span keeps only
/// tags that are known to name nobody.
/// </summary>
public sealed class CustomerRedaction : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> _kept = FrozenSet.Create(
        StringComparer.Ordinal,
        "rpc.method", "rpc.system.name", "orleans.rpc.service", "orleans.grain.type", "orleans.silo.id",
        "http.request.method", "http.response.status_code", "http.route", "network.protocol.version",
        "server.address", "server.port", "url.scheme", "error.type");

    public override void OnEnd(Activity data)
    {
        foreach (var (name, _) in data.TagObjects.Where(tag => !_kept.Contains(tag.Key)).ToList())
        {
            data.SetTag(name, null);
        }
    }
}
