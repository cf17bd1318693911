using System.Globalization;
using System.Text.Json;
using CioOrleans.Sandbox;

namespace CioOrleans.Bench.Load;

/// <summary>Which calls the sandbox has taken, by their customer and seq. It must have recorded all requests.</summary>
internal static class Arrived
{
    public static HashSet<(int Customer, int Seq)> Read(SandboxServer sandbox)
    {
        var arrived = new HashSet<(int, int)>();
        foreach (var request in sandbox.Requests.Where(request => request.Status == 200))
        {
            using var body = JsonDocument.Parse(request.Body);
            var root = body.RootElement;
            var seq = (root.TryGetProperty("data", out var data) ? data : root).GetProperty("seq").GetInt32();
            arrived.Add((int.Parse(request.RawTarget.Split('/')[4][1..], CultureInfo.InvariantCulture), seq));
        }

        return arrived;
    }
}
