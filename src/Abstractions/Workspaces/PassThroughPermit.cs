using CioOrleans.Attempts;

namespace CioOrleans.Workspaces;

/// <summary>The answer to a process that wants to forward a request without storing it.</summary>
[GenerateSerializer, Immutable, Alias("cio.PassThroughPermit")]
public abstract record PassThroughPermit
{
    private PassThroughPermit()
    {
    }

    /// <summary>The request may be sent. Its end must be reported under <paramref name="Ticket"/>.</summary>
    [GenerateSerializer, Immutable, Alias("cio.PassThroughPermit.Granted")]
    public sealed record Granted([property: Id(0)] long Ticket, [property: Id(1)] Permit Permit) : PassThroughPermit;

    /// <summary>The workspace's owner is moving to another silo. The caller may ask the next owner at once.</summary>
    [GenerateSerializer, Immutable, Alias("cio.PassThroughPermit.Moving")]
    public sealed record Moving : PassThroughPermit
    {
        /// <summary>The only value.</summary>
        public static Moving Instance { get; } = new();

        /// <summary>The answer to a caller that cannot wait for the next owner.</summary>
        public static Refused Refusal { get; } = new("The workspace moves to another silo.", TimeSpan.FromSeconds(1));
    }

    /// <summary>No permit was granted within the time given. A repeat may succeed after <paramref name="RetryAfter"/>.</summary>
    [GenerateSerializer, Immutable, Alias("cio.PassThroughPermit.Refused")]
    public sealed record Refused([property: Id(0)] string Reason, [property: Id(1)] TimeSpan RetryAfter) : PassThroughPermit;
}
