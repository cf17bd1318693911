namespace CioOrleans.Scheduling;

/// <summary>What has to be stored about the head of a customer's queue after an attempt.</summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record None : Settlement
    {
        public static None Instance { get; } = new();
    }

    /// <summary>A failed attempt was counted. The customer waits for its retry already.</summary>
    /// <param name="Customer">The ordering key.</param>
    /// <param name="Sequence">The head's sequence.</param>
    /// <param name="Attempts">Attempts counted, this one among them.</param>
    /// <param name="NotBefore">When it may be tried again.</param>
    /// <param name="Reason">Why the attempt failed.</param>
    public sealed record Postpone(string Customer, long Sequence, int Attempts, DateTimeOffset NotBefore, string Reason) : Settlement;

    /// <summary>The attempts are used up: the head becomes a dead letter. The customer counts as in flight until <see cref="WorkspaceScheduler.OnSettled"/>.</summary>
    public sealed record GiveUp(string Customer, long Sequence, int Attempts, string Reason) : Settlement;
}
