using System.Globalization;
using CioOrleans.Limits;

namespace CioOrleans.Client.Explaining;

/// <summary>One thing that a call waits for.</summary>
public abstract record WaitCause
{
    private WaitCause()
    {
    }

    /// <summary>For people.</summary>
    public abstract string Text { get; }

    /// <summary>Calls of the same customer that were accepted before.</summary>
    public sealed record CallsAhead(long Count, Ulid? First) : WaitCause
    {
        public override string Text => Count == 1 ? $"The call {First} of this customer goes first." : $"{Count} calls of this customer go first, {First} before all.";
    }

    /// <summary>A dead letter holds the queue.</summary>
    public sealed record DeadLetterAhead(Ulid Call, string Reason, DateTimeOffset Since) : WaitCause
    {
        public override string Text => string.Create(
            CultureInfo.InvariantCulture,
            $"The dead letter {Call} ({Reason}) holds this customer's queue since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. The queue goes on when it is replayed or discarded.");
    }

    /// <summary>The head failed and is tried again.</summary>
    public sealed record Retry(Ulid? Call, int Attempts, string? Error, DateTimeOffset? At) : WaitCause
    {
        public override string Text => string.Create(
            CultureInfo.InvariantCulture,
            $"The call {Call} has failed ({Error ?? "for a passing reason"}; {Attempts} attempts counted) and is tried again{(At is { } at ? $" at {at.UtcDateTime:HH:mm:ss}Z" : "")}.");
    }

    public sealed record OperatorPause(string Reason) : WaitCause
    {
        public override string Text => $"An operator has paused the workspace: {Reason}. It goes on when it is resumed.";
    }

    public sealed record Outage(UpstreamHost Host, string Reason, TimeSpan? ProbeIn) : WaitCause
    {
        public override string Text => $"{Host.ToTitle()}: {Reason}. Only probes are sent to it, {Probe(ProbeIn)}, and all goes on with the first success.";
    }

    public sealed record Misconfigured(UpstreamHost Host, string Reason, TimeSpan? ProbeIn) : WaitCause
    {
        public override string Text => $"Customer.io's {Host.ToTitle()} does not accept the workspace's settings ({Reason}): correct them. A probe a minute is sent, {Probe(ProbeIn)}.";
    }

    /// <summary>After a 429, or because the limit was said to be used up.</summary>
    public sealed record LimitPaused(string Limit, DateTimeOffset Until) : WaitCause
    {
        public override string Text => string.Create(CultureInfo.InvariantCulture, $"Customer.io has asked for a rest of '{Limit}' until {Until.UtcDateTime:HH:mm:ss}Z.");
    }

    public sealed record LimitUsed(string Limit, string Permits, double Rate, int? CustomersAhead) : WaitCause
    {
        public override string Text => string.Create(
            CultureInfo.InvariantCulture, $"The limit of '{Limit}' ({Permits}, {Rate:0.##} requests a second now): {(CustomersAhead is { } ahead ? $"{ahead}" : "very many")} customers go first.");
    }

    public sealed record Merge(string? OtherCustomer) : WaitCause
    {
        public override string Text => $"A merge with {OtherCustomer ?? "another person"} comes next, and that person's earlier calls have to be delivered first.";
    }

    private static string Probe(TimeSpan? probeIn) =>
        probeIn is { } next ? string.Create(CultureInfo.InvariantCulture, $"the next in {Math.Max(0, next.TotalSeconds):0.#} s") : "one is on its way";
}
