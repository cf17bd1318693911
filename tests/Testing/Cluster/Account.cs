using CioOrleans.Sandbox;

namespace CioOrleans.Testing.Cluster;

/// <summary>What the sandbox has seen of a load, against what was acknowledged to its callers. Lists name calls, with what is wrong.</summary>
public sealed record Account
{
    /// <summary>For so long a request without an answer may still be on its way to its customer's queue.</summary>
    private static readonly TimeSpan _onItsWay = TimeSpan.FromSeconds(10);

    /// <summary>A repeat is of what was in flight: between sending and the attempt's time-out, with some time for arrival.</summary>
    private static readonly TimeSpan _inFlight = ClusterHarness.AttemptTimeout + TimeSpan.FromSeconds(2);

    /// <summary>How many calls of each kind were acknowledged.</summary>
    public required IReadOnlyDictionary<LoadKind, int> Acknowledged { get; init; }

    /// <summary>Calls that were acknowledged, have not arrived, and are no dead letters.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Acknowledged calls that first arrived after a later one of the same person.</summary>
    public required IReadOnlyList<string> OrderViolations { get; init; }

    /// <summary>The same of calls that were refused, and of calls without an answer behind calls that were made ten seconds later.</summary>
    public required IReadOnlyList<string> Stragglers { get; init; }

    /// <summary>Requests of which a call that Customer.io had taken came again.</summary>
    public required int Repeats { get; init; }

    /// <summary>Repeats that differ from what came first, or that came after a later call of the same person.</summary>
    public required IReadOnlyList<string> HarmfulRepeats { get; init; }

    /// <summary>Repeats of calls that were not in flight during the fault.</summary>
    public required IReadOnlyList<string> StrayRepeats { get; init; }

    /// <summary>Messages that went out more than once.</summary>
    public required IReadOnlyList<string> SentTwice { get; init; }

    /// <summary>Messages whose caller was told that nothing was sent, and that went out.</summary>
    public required IReadOnlyList<string> SentAndRefused { get; init; }

    /// <summary>Stored sends without an end, and ends that do not agree with what went out.</summary>
    public required IReadOnlyList<string> WrongSends { get; init; }

    /// <summary>Keyed sends whose caller got no final answer.</summary>
    public required IReadOnlyList<string> KnowNothing { get; init; }

    /// <summary>Sends whose outcome is not known.</summary>
    public required int Unknown { get; init; }

    /// <summary>Dead letters that were refused once and replayed.</summary>
    public required int Replayed { get; init; }

    /// <summary>Calls that are dead letters for another reason. An operator decides about them.</summary>
    public required int DeadLetters { get; init; }

    /// <summary>The most arrivals in any second, by class, and of the shared limit.</summary>
    public required IReadOnlyDictionary<string, int> MostInASecond { get; init; }

    /// <summary>Arrivals that the sandbox refused as one too many for a limit.</summary>
    public required long Throttled { get; init; }

    /// <summary>The times without the arrival of a queued call while one waited, with their ends.</summary>
    public required IReadOnlyList<(DateTimeOffset End, TimeSpan Length)> Silences { get; init; }

    /// <summary>The longest of the silences.</summary>
    public TimeSpan LongestSilence => Silences.Select(silence => silence.Length).DefaultIfEmpty().Max();

    /// <summary>The longest time from an acknowledgement to the call's first arrival.</summary>
    public required TimeSpan SlowestDelivery { get; init; }

    /// <summary>The five slowest deliveries, for people.</summary>
    public required IReadOnlyList<string> Slowest { get; init; }

    private IReadOnlyList<DateTimeOffset> QueuedArrivals { get; init; } = [];

    /// <summary>What the record of the history tells that was broken.</summary>
    public IReadOnlyList<string> Recorded { get; init; } = [];

    /// <summary>All promises that were broken, a line each; empty where all were kept.</summary>
    public IReadOnlyList<string> Violations =>
    [
        .. Named("lost", Lost),
        .. Named("order violation", OrderViolations),
        .. Named("not acknowledged and behind later calls", Stragglers),
        .. Named("harmful repeat", HarmfulRepeats),
        .. Named("repeat of what was not in flight", StrayRepeats),
        .. Named("sent twice", SentTwice),
        .. Named("told that nothing was sent, and sent", SentAndRefused),
        .. Named("stored send", WrongSends),
        .. Named("keyed send without an answer", KnowNothing),
        .. Named("over the limit", [.. MostInASecond.Where(most => ClusterHarness.Limits.TryGetValue(most.Key, out var limit) && most.Value > limit).Select(most => $"{most.Key} {most.Value}")]),
        .. Throttled > 0 ? [$"{Throttled} arrivals over a limit (429)"] : Array.Empty<string>(),
    ];

    /// <summary>Null when nothing came.</summary>
    public DateTimeOffset? FirstArrivalAfter(DateTimeOffset moment) => QueuedArrivals.Where(at => at > moment).Select(at => (DateTimeOffset?)at).FirstOrDefault();

    /// <summary>Compares what arrived with what was promised.</summary>
    /// <param name="load">Stopped and settled.</param>
    /// <param name="sandbox">Customer.io.</param>
    /// <param name="from">The beginning of the fault.</param>
    /// <param name="to">Its end, with what was needed to be ready again.</param>
    public static Account Of(Load load, SandboxServer sandbox, DateTimeOffset from, DateTimeOffset to)
    {
        var arrivals = Arrival.In(sandbox.Requests).Where(arrival => load.Calls.ContainsKey(arrival.Mark)).ToArray();
        var taken = arrivals.Where(arrival => arrival.IsTaken).ToLookup(arrival => arrival.Mark);
        var sent = sandbox.Sends();
        var order = OrderJudge.Judge(load, arrivals, _onItsWay);
        var repeated = taken.Where(call => call.Count() > 1 && !load.Calls[call.Key].IsSend && load.Calls[call.Key].Kind != LoadKind.Query).ToArray();
        var queued = taken.Where(call => load.Calls[call.Key].IsQueued).ToDictionary(call => load.Calls[call.Key], call => call.First().At);
        var delivered = queued.Where(call => call.Key is { End: CallEnd.Acknowledged, Kind: not LoadKind.DeadLetter }).ToArray();
        var calls = load.Calls.Values.OrderBy(call => call.SentAt).ToArray();
        var report = sandbox.Report();
        return new Account
        {
            Acknowledged = calls.Where(call => call.End == CallEnd.Acknowledged).GroupBy(call => call.Kind).ToDictionary(kind => kind.Key, kind => kind.Count()),
            Lost =
            [
                .. calls.Where(call => call.End == CallEnd.Acknowledged && call.Result is null && !taken.Contains(call.Mark) && !load.Results.DeadLetters.ContainsKey(call.Mark)).Select(Describe),
            ],
            OrderViolations = order.Violations,
            Stragglers = order.Stragglers,
            Repeats = repeated.Select(call => call.First().Request).Distinct().Count(),
            HarmfulRepeats = [.. order.StaleRepeats, .. repeated.Where(call => call.Select(arrival => arrival.Text).Distinct().Count() > 1).Select(call => $"{call.Key} differs: {string.Join(" | ", call.Select(a => a.Text).Distinct())}")],
            StrayRepeats =
            [
                .. repeated.Where(call => call.First().At < from - _inFlight || call.First().At > to + _inFlight)
                    .Select(call => $"{call.Key} came {string.Join(" and ", call.Select(arrival => $"{arrival.At:HH:mm:ss.fff}"))}, the fault lasted from {from:HH:mm:ss.fff} to {to:HH:mm:ss.fff}"),
            ],
            SentTwice = [.. sent.Where(message => message.Value > 1 && load.Calls.ContainsKey(message.Key)).Select(message => Describe(load.Calls[message.Key]))],
            SentAndRefused = [.. calls.Where(call => call is { IsSend: true, End: CallEnd.Refused, Kind: not LoadKind.KeyedSend } && sent.ContainsKey(call.Mark)).Select(Describe)],
            WrongSends = [.. load.Results.StoredSends.Where(send => !IsRight(load.Calls[send.Key], send.Value, sent.ContainsKey(send.Key))).Select(send => $"{send.Value}: {Describe(load.Calls[send.Key])}")],
            KnowNothing = [.. calls.Where(call => call is { Kind: LoadKind.KeyedSend, End: CallEnd.Unanswered or CallEnd.Refused }).Select(Describe)],
            Unknown = calls.Count(call => call.End == CallEnd.Unknown) + load.Results.StoredSends.Values.Count(state => state == "unknown"),
            Replayed = load.Replayed.Count,
            DeadLetters = load.Results.DeadLetters.Keys.Count(mark => load.Calls.TryGetValue(mark, out var call) && !call.IsSend),
            MostInASecond = report.MaxInWindowByClass,
            Throttled = report.Status(429),
            Silences = FindSilences(queued),
            SlowestDelivery = delivered.Select(call => call.Value - call.Key.AnsweredAt).DefaultIfEmpty().Max(),
            Slowest = [.. delivered.OrderByDescending(call => call.Value - call.Key.AnsweredAt).Take(5).Select(call => $"{(call.Value - call.Key.AnsweredAt).TotalSeconds:0.00} s {Describe(call.Key)}")],
            QueuedArrivals = [.. queued.Values.Order()],
        };
    }

    /// <summary>A send that may not have been stored (424) may be absent for good.</summary>
    private static bool IsRight(Call call, string state, bool isSent) => state switch
    {
        "sent" => isSent,
        "unknown" => true,
        "failed" => !isSent,
        "absent" => !isSent && call.End == CallEnd.Unknown,
        _ => false,
    };

    private static string Describe(Call call) => $"{call.Mark} ({call.Kind}, sent {call.SentAt:HH:mm:ss.fff}, answered {call.AnsweredAt:HH:mm:ss.fff})";

    private static IEnumerable<string> Named(string what, IReadOnlyList<string> problems) => problems.Select(problem => $"{what}: {problem}");

    private static List<(DateTimeOffset End, TimeSpan Length)> FindSilences(Dictionary<Call, DateTimeOffset> queued)
    {
        var arrivals = queued.OrderBy(arrival => arrival.Value).ToArray();
        List<(DateTimeOffset End, TimeSpan Length)> silences = [];

        // Backwards, so that the oldest acknowledgement among all that arrive from here on is at hand.
        var waitingSince = DateTimeOffset.MaxValue;
        for (var i = arrivals.Length - 1; i > 0; i--)
        {
            if (arrivals[i].Key is { End: CallEnd.Acknowledged, AnsweredAt: var acknowledgedAt } && acknowledgedAt < waitingSince)
            {
                waitingSince = acknowledgedAt;
            }

            var silentSince = arrivals[i - 1].Value > waitingSince ? arrivals[i - 1].Value : waitingSince;
            if (arrivals[i].Value > silentSince)
            {
                silences.Add((arrivals[i].Value, arrivals[i].Value - silentSince));
            }
        }

        return silences;
    }
}
