namespace CioOrleans.Calls;

/// <summary>
/// The limits of a call. They are Customer.io's published limits of the Track API, except where a member says that the limit is the dispatcher's.
/// </summary>
public static class CallLimits
{
    /// <summary>The identifier of a person (id, e-mail address, cio_id or anonymous id), in bytes of UTF-8.</summary>
    public const int MaxPersonBytes = 150;

    /// <summary>An event's name, in bytes of UTF-8, without white space around it. The name of a page or screen view is an address and has no limit.</summary>
    public const int MaxEventNameBytes = 100;

    /// <summary>An event's <c>data</c>, in bytes as sent.</summary>
    public const int MaxEventDataBytes = 100_000;

    /// <summary>A whole body, in bytes. The dispatcher's limit: Customer.io documents none for Track v1.</summary>
    public const int MaxBodyBytes = 1_048_576;

    /// <summary>One operation of Track v2, in bytes as sent.</summary>
    public const int MaxOperationBytes = 32 * 1024;

    /// <summary>A whole body of <c>/api/v2/batch</c>, in bytes as sent.</summary>
    public const int MaxBatchBytes = 500 * 1024;

    /// <summary>The nesting depth of objects and arrays, including the body itself. The dispatcher's limit: Customer.io documents none.</summary>
    public const int MaxDepth = 64;
}
