using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.EndToEnd;

/// <summary>What the sandbox has taken, by the seq that <see cref="Traffic"/> put into each call.</summary>
internal static class Arrived
{
    public static IReadOnlyDictionary<int, HashSet<int>> ByCustomer(SandboxServer sandbox)
    {
        var byCustomer = new Dictionary<int, HashSet<int>>();
        foreach (var request in sandbox.Requests)
        {
            var (customer, seq) = Read(request);
            if (!byCustomer.TryGetValue(customer, out var seqs))
            {
                byCustomer.Add(customer, seqs = []);
            }

            seqs.Add(seq);
        }

        return byCustomer;
    }

    /// <summary>Calls that were acknowledged and have not arrived.</summary>
    public static IReadOnlyList<(int Customer, int Seq)> Missing(Traffic traffic, SandboxServer sandbox) => Missing(traffic.ByCustomer, sandbox);

    /// <summary>Calls that were acknowledged, by customer, and have not arrived.</summary>
    public static IReadOnlyList<(int Customer, int Seq)> Missing(IReadOnlyDictionary<int, SortedSet<int>> acknowledged, SandboxServer sandbox)
    {
        var arrived = ByCustomer(sandbox);
        return [.. acknowledged.SelectMany(
            customer => customer.Value.Except(arrived.GetValueOrDefault(customer.Key) ?? []).Select(seq => (customer.Key, seq)))];
    }

    private static (int Customer, int Seq) Read(RecordedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var customer = int.Parse(request.RawTarget.Split('/')[4], System.Globalization.CultureInfo.InvariantCulture);
        return (customer, body.RootElement.GetProperty("data").GetProperty("seq").GetInt32());
    }
}
