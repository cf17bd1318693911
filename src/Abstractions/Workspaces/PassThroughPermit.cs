using CioOrleans.Delivery;

namespace CioOrleans.Workspaces;

/// <summary>The answer to somebody who forwards a request at once instead of queueing it.</summary>
[GenerateSerializer, Immutable, Alias("cio.PassThroughPermit")]
public abstract record PassThroughPermit
{
    private PassThroughPermit()
    {
    }

    /// <summary>The request may go; its end must be reported under <paramref name="Ticket"/>.</summary>
    [GenerateSerializer, Immutable, Alias("cio.PassThroughPermit.Granted")]
    public sealed record Granted([property: Id(0)] long Ticket, [property: Id(1)] Permit Permit) : PassThroughPermit;

    /// <summary>The workspace's owner moves to another silo. The next owner may be asked at once.</summary>
    [GenerateSerializer, Immutable, Alias("cio.PassThroughPermit.Moving")]
    public sealed record Moving : PassThroughPermit
    {
        /// <summary>The only value.</summary>
        public static Moving Instance { get; } = new();

        /// <summary>What a caller is told that cannot wait for the next owner.</summary>
        public static Refused Refusal { get; } = new("The workspace moves to another silo.", TimeSpan.FromSeconds(1));
    }

    /// <summary>No permit within the time given; a repeat may succeed after <paramref name="RetryAfter"/>.</summary>
    [GenerateSerializer, Immutable, Alias("cio.PassThroughPermit.Refused")]
    public sealed record Refused([property: Id(0)] string Reason, [property: Id(1)] TimeSpan RetryAfter) : PassThroughPermit;
}
