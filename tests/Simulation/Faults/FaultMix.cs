namespace CioOrleans.Simulation;

/// <summary>How often what goes wrong; all probabilities from 0 to 1, by default 0.</summary>
internal sealed record FaultMix
{
    /// <summary>A request is answered with 500.</summary>
    public double Error { get; init; }

    /// <summary>A call is answered with 500 at every attempt.</summary>
    public double Poison { get; init; }

    /// <summary>A call is answered with 400.</summary>
    public double Refused { get; init; }

    /// <summary>A call can never leave: what was stored cannot be written as a request.</summary>
    public double Unsendable { get; init; }

    /// <summary>A request is never answered; half of them are processed nevertheless.</summary>
    public double Silent { get; init; }

    /// <summary>A connection breaks; half of the requests are processed nevertheless.</summary>
    public double Reset { get; init; }

    /// <summary>A connection breaks before its request has arrived.</summary>
    public double Broken { get; init; }

    /// <summary>A request that was given up before it arrived arrives all the same: within a packet life of its connection's reset.</summary>
    public double Late { get; init; }

    /// <summary>A request is answered with 429, in turn without headers, with <c>Retry-After</c>, and with <c>X-RateLimit-…</c>.</summary>
    public double Throttled { get; init; }

    /// <summary>A permit comes back unused although there is work: it has expired, or the outbox is away.</summary>
    public double Unused { get; init; }

    /// <summary>A grain call of the owner fails before or after its work was done.</summary>
    public double LostCall { get; init; }

    /// <summary>A silo leaves and passes the owner's grain call on, to a customer or to a batch: the owner takes it for lost, and it runs elsewhere while its permit holds.</summary>
    public double PassedOn { get; init; }

    /// <summary>A hint is lost.</summary>
    public double LostHint { get; init; }

    /// <summary>A call has to wait for a while at the head of its queue, as a merge does.</summary>
    public double Merge { get; init; }

    /// <summary>Between restarts of the owner on average; null for none.</summary>
    public TimeSpan? Restarts { get; init; }

    /// <summary>How many of the restarts are orderly hand-overs.</summary>
    public double Orderly { get; init; } = 0.2;

    /// <summary>Between two moments at which an operator discards what waits for some customer, on average; null for never.</summary>
    public TimeSpan? Discards { get; init; }

    /// <summary>Between two moments at which an operator replays a dead letter, on average; null for never. Its cause has been mended.</summary>
    public TimeSpan? Replays { get; init; }

    /// <summary>Between two changes of the policy for dead letters, from holding queues to letting them go on and back, on average; null for none.</summary>
    public TimeSpan? PolicyChanges { get; init; }

    public IReadOnlyList<Outage> Outages { get; init; } = [];
}
