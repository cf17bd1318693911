namespace CioOrleans.Api.Answers;

/// <summary>Why the front-end refused a call.</summary>
public enum RefusalReason
{
    /// <summary>No such path or method: 404, 405.</summary>
    NotFound,

    /// <summary>Wrong or missing credentials: 401.</summary>
    Unauthorized,

    /// <summary>The body is over the limit: 413.</summary>
    TooLarge,

    /// <summary>The request is wrong, and Customer.io would refuse it too: 400.</summary>
    Invalid,

    /// <summary>Too many calls: 429.</summary>
    Overloaded,

    /// <summary>The call could not be stored: 503.</summary>
    Unavailable,

    /// <summary>The disk has no room for more calls: 503.</summary>
    DiskFull,

    /// <summary>The Pipelines call is invalid, and its request was answered 200 without it, as Customer.io does outside of strict mode.</summary>
    Dropped,
}
