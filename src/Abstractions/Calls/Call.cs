using CioOrleans.Limits;

namespace CioOrleans.Calls;

/// <summary>One accepted request to Customer.io, as it is stored and as it will be sent.</summary>
[GenerateSerializer, Immutable, Alias("cio.Call")]
public sealed record Call
{
    /// <summary>Created once, at accept. Customer.io recognises a repeated event by this <c>id</c>, unless the caller gave an id.</summary>
    [Id(0)]
    public required Ulid Id { get; init; }

    [Id(1)]
    public required CallKind Kind { get; init; }

    [Id(2)]
    public required LimitClass LimitClass { get; init; }

    [Id(3)]
    public CallPriority Priority { get; init; }

    /// <summary>The HTTP method, upper case.</summary>
    [Id(4)]
    public required string Method { get; init; }

    /// <summary>Path and query, byte for byte as in the caller's request line. The percent-encoding is kept as it came.</summary>
    [Id(5)]
    public required string Target { get; init; }

    /// <summary>The headers to send, without credentials, length and hop-by-hop headers.</summary>
    [Id(6)]
    public required CallHeaders Headers { get; init; }

    /// <summary>The body to send, byte for byte. The array is not changed after the call was made.</summary>
    [Id(7)]
    public required byte[] Body { get; init; }

    /// <summary>When the front-end accepted the call (UTC).</summary>
    [Id(8)]
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>For a merge and its barrier: the ordering key of the other person; otherwise null.</summary>
    [Id(9)]
    public string? OtherCustomer { get; init; }

    /// <summary>Data that the dispatcher stores with the call and never sends. Default: none.</summary>
    [Id(10)]
    public CallNotes Notes { get; init; } = CallNotes.None;
}

/// <summary>Which of two ready customers gets a permit first. The numbers are stored and cross the wire: never renumber.</summary>
public enum CallPriority : byte
{
    /// <summary>Normal traffic. The default.</summary>
    Live = 0,

    /// <summary>An import. Bulk calls leave behind live calls, but never starve.</summary>
    Bulk = 1,
}
