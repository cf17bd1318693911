namespace CioOrleans.Grains.Scheduling;

/// <summary>What must be stored about the head of a customer's queue after an attempt.</summary>
public abstract record HeadChange
{
    private HeadChange()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record None : HeadChange
    {
        public static None Instance { get; } = new();
    }

    /// <summary>A failed attempt was counted. The customer already waits for the end of its back-off.</summary>
    /// <param name="Customer">The ordering key.</param>
    /// <param name="Sequence">The head's sequence.</param>
    /// <param name="Attempts">Counted attempts, including this one.</param>
    /// <param name="NotBefore">The end of the back-off (UTC).</param>
    /// <param name="Reason">Why the attempt failed.</param>
    public sealed record Postpone(string Customer, long Sequence, int Attempts, DateTimeOffset NotBefore, string Reason) : HeadChange;

    /// <summary>
    /// All attempts are used, so the head becomes a dead letter. The customer counts as in flight until <see cref="WorkspaceScheduler.OnDeadLetterMade"/>.
    /// </summary>
    public sealed record MakeDeadLetter(string Customer, long Sequence, int Attempts, string Reason) : HeadChange;
}
