using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.Cluster.Harness;

/// <summary>What the sandbox has seen of a load, against what was acknowledged to its callers.</summary>
internal sealed record Account
{
    /// <summary>Calls that were acknowledged.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Those of them that never arrived.</summary>
    public required IReadOnlyList<Call> Lost { get; init; }

    /// <summary>Acknowledged calls that first arrived after a later one of the same customer.</summary>
    public required int OrderViolations { get; init; }

    /// <summary>The same of calls that were not acknowledged: what was told 503 must not be carried out behind what was acknowledged since.</summary>
    public required int Stragglers { get; init; }

    /// <summary>Arrivals of calls that had arrived before.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Those of them whose event id or timestamp is another, or that came after a later call of the same customer.</summary>
    public required long HarmfulDuplicates { get; init; }

    /// <summary>The most arrivals in any second.</summary>
    public required int MaxInWindow { get; init; }

    /// <summary>Arrivals that the sandbox refused as one too many.</summary>
    public required long Throttled { get; init; }

    /// <summary>The longest time without an arrival while an acknowledged call waited.</summary>
    public required TimeSpan LongestSilence { get; init; }

    /// <summary>The longest time from an acknowledgement to the call's first arrival.</summary>
    public required TimeSpan SlowestDelivery { get; init; }

    private IReadOnlyList<DateTimeOffset> Arrivals { get; init; } = [];

    /// <summary>Null when nothing came.</summary>
    public DateTimeOffset? FirstArrivalAfter(DateTimeOffset moment) => Arrivals.Where(at => at > moment).Select(at => (DateTimeOffset?)at).FirstOrDefault();

    public static Account Of(Load load, SandboxServer sandbox)
    {
        var arrivedAt = new Dictionary<Call, DateTimeOffset>();
        foreach (var request in sandbox.Requests.Where(request => request.Status == 200))
        {
            arrivedAt.TryAdd(Read(request), request.ArrivedAt);
        }

        var report = sandbox.Report();
        var late = FindLate(arrivedAt);
        return new Account
        {
            Acknowledged = load.Acknowledged.Count,
            Arrivals = [.. arrivedAt.Values.Order()],
            Lost = [.. load.Acknowledged.Keys.Where(call => !arrivedAt.ContainsKey(call))],
            OrderViolations = late.Count(load.Acknowledged.ContainsKey),
            Stragglers = late.Count(call => !load.Acknowledged.ContainsKey(call)),
            Duplicates = report.Order.Duplicates,
            HarmfulDuplicates = report.Order.DuplicatesWithAnotherId + report.Order.DuplicatesWithAnotherTimestamp + report.Order.StaleDuplicates,
            MaxInWindow = report.MaxInWindow,
            Throttled = report.Status(429),
            LongestSilence = FindLongestSilence(load, arrivedAt),
            SlowestDelivery = load.Acknowledged.Max(call => arrivedAt.GetValueOrDefault(call.Key) - call.Value),
        };
    }

    /// <summary>Calls that first arrived after a later one of the same customer.</summary>
    private static List<Call> FindLate(Dictionary<Call, DateTimeOffset> arrivedAt)
    {
        List<Call> late = [];
        var highest = new Dictionary<string, int>();
        foreach (var (call, _) in arrivedAt.OrderBy(arrival => arrival.Value))
        {
            if (call.Seq < highest.GetValueOrDefault(call.Customer))
            {
                late.Add(call);
            }
            else
            {
                highest[call.Customer] = call.Seq;
            }
        }

        return late;
    }

    private static TimeSpan FindLongestSilence(Load load, Dictionary<Call, DateTimeOffset> arrivedAt)
    {
        var arrivals = arrivedAt.OrderBy(arrival => arrival.Value).ToArray();
        var longest = TimeSpan.Zero;

        // Backwards, so that the oldest acknowledgement among all that arrive from here on is at hand.
        var waitingSince = DateTimeOffset.MaxValue;
        for (var i = arrivals.Length - 1; i > 0; i--)
        {
            if (load.Acknowledged.TryGetValue(arrivals[i].Key, out var acknowledgedAt) && acknowledgedAt < waitingSince)
            {
                waitingSince = acknowledgedAt;
            }

            var silentSince = arrivals[i - 1].Value > waitingSince ? arrivals[i - 1].Value : waitingSince;
            var silence = arrivals[i].Value > silentSince ? arrivals[i].Value - silentSince : TimeSpan.Zero;
            longest = silence > longest ? silence : longest;
        }

        return longest;
    }

    private static Call Read(RecordedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return new Call(request.RawTarget.Split('/')[4], body.RootElement.GetProperty("data").GetProperty("seq").GetInt32());
    }
}
