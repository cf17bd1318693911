using CioOrleans.Limits;

namespace CioOrleans.Calls;

/// <summary>One accepted request to Customer.io, as it is stored and as it will be sent.</summary>
[GenerateSerializer, Immutable, Alias("cio.Call")]
public sealed record Call
{
    /// <summary>Minted once, at accept. For events it is the <c>id</c> by which Customer.io recognises a repeat, unless the caller gave one.</summary>
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

    /// <summary>Path and query exactly as they stood in the request line: percent-encoding is never redone.</summary>
    [Id(5)]
    public required string Target { get; init; }

    /// <summary>The headers to send, without credentials, length and hop-by-hop headers.</summary>
    [Id(6)]
    public required CallHeaders Headers { get; init; }

    /// <summary>The body to send, byte for byte. Nobody changes the array after the call was made.</summary>
    [Id(7)]
    public required byte[] Body { get; init; }

    /// <summary>When the front-end accepted it (UTC).</summary>
    [Id(8)]
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Of a merge and its barrier: the ordering key of the other person; otherwise null.</summary>
    [Id(9)]
    public string? OtherCustomer { get; init; }

    /// <summary>What the dispatcher keeps with the call for itself; never sent. Default: none.</summary>
    [Id(10)]
    public CallNotes Notes { get; init; } = CallNotes.None;
}
