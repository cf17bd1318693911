namespace CioOrleans.Configuration;

/// <summary>What is added to a body at accept if the caller did not give it.</summary>
public sealed record StampingSettings
{
    /// <summary>Whether events get a top-level <c>id</c>, by which Customer.io recognises a repeat (default: true).</summary>
    public bool EventId { get; init; } = true;

    /// <summary>Whether events get a <c>timestamp</c>, the moment of accept (default: true).</summary>
    public bool EventTimestamp { get; init; } = true;

    /// <summary>Whether identify calls get a <c>_timestamp</c>, the moment of accept (default: true).</summary>
    public bool IdentifyTimestamp { get; init; } = true;
}
