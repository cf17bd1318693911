namespace CioOrleans.Api.Answers;

/// <summary>Why a request was refused.</summary>
/// <param name="Status">The HTTP status to answer.</param>
/// <param name="Message">What is wrong and what to do, for the caller. Contains nothing from the body.</param>
internal sealed record Refusal(int Status, string Message)
{
    /// <summary>What else is wrong, one message a problem (default: nothing). Only <see cref="ErrorShape.Pipelines"/> reports it.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    public static Refusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    /// <summary>Refuses a request for one or more reasons.</summary>
    public static Refusal BadRequest(IReadOnlyList<string> messages) => BadRequest(messages[0]) with { Others = [.. messages.Skip(1)] };
}

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
