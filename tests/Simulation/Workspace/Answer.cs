namespace CioOrleans.Simulation;

/// <summary>What the receiver does with a request.</summary>
internal enum Answer
{
    Ok,
    BadRequest,
    Unauthorized,
    TooManyRequests,
    Error,
    Reset,
    Silence,

    /// <summary>Another operation of the same request spoilt it for all.</summary>
    SpoiltByAnother,
}
