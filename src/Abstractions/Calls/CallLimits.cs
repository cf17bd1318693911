namespace CioOrleans.Calls;

/// <summary>What a call to Customer.io may hold. The figures are Customer.io's (Track API, published limits) unless they say otherwise.</summary>
public static class CallLimits
{
    /// <summary>What names a person: an id, an e-mail address, a cio_id or an anonymous id; in bytes of UTF-8.</summary>
    public const int MaxPersonBytes = 150;

    /// <summary>An event's name, in bytes of UTF-8, blanks around it aside. The name of a page or screen view is an address and has no limit.</summary>
    public const int MaxEventNameBytes = 100;

    /// <summary>An event's <c>data</c>, in bytes as sent.</summary>
    public const int MaxEventDataBytes = 100_000;

    /// <summary>A whole body, in bytes. Ours: Customer.io documents none for Track v1.</summary>
    public const int MaxBodyBytes = 1_048_576;

    /// <summary>One operation of Track v2, in bytes as sent.</summary>
    public const int MaxOperationBytes = 32 * 1024;

    /// <summary>A whole body of <c>/api/v2/batch</c>, in bytes as sent.</summary>
    public const int MaxBatchBytes = 500 * 1024;

    /// <summary>Objects and arrays within each other, the body itself among them. Ours: Customer.io documents none.</summary>
    public const int MaxDepth = 64;
}
