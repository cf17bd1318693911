namespace CioOrleans.Diagnostics;

/// <summary>Why the front-end did not take a call.</summary>
public enum RefusalReason
{
    /// <summary>No such path or method: 404, 405.</summary>
    NotFound,

    /// <summary>Wrong or missing credentials: 401.</summary>
    Unauthorized,

    /// <summary>The body is over the limit: 413.</summary>
    TooLarge,

    /// <summary>Customer.io would refuse it too: 400.</summary>
    Invalid,

    /// <summary>More than can be taken at the moment: 429.</summary>
    Overloaded,

    /// <summary>It could not be stored: 503.</summary>
    Unavailable,

    /// <summary>The disk has no room for more calls: 503.</summary>
    DiskFull,
}
