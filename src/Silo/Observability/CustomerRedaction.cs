using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace CioOrleans.Silo.Observability;

/// <summary>
/// Removes customers from spans. Grain ids and the paths of Customer.io's API name customers, and frameworks put both into spans. A span keeps only tags that
/// are known to hold no customer.
/// </summary>
public sealed class CustomerRedaction : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> _kept = FrozenSet.Create(
        StringComparer.Ordinal,
        "rpc.method", "rpc.system.name", "orleans.rpc.service", "orleans.grain.type", "orleans.silo.id",
        "http.request.method", "http.response.status_code", "http.route", "network.protocol.version",
        "server.address", "server.port", "url.scheme", "error.type",
        "cio.workspace", "cio.limit", "cio.kind", "cio.calls", "cio.attempt", "cio.call_id");

    public override void OnEnd(Activity data)
    {
        foreach (var (name, _) in data.TagObjects.Where(tag => !_kept.Contains(tag.Key)).ToList())
        {
            data.SetTag(name, null);
        }
    }
}
