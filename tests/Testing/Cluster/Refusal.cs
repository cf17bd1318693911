namespace CioOrleans.Testing.Cluster;

/// <summary>A request that was not acknowledged.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Answer">The status, or why there was none.</param>
/// <param name="RetryAfter">The pause that was asked for; null where none was.</param>
/// <param name="After">How long the caller waited for it.</param>
public sealed record Refusal(LoadKind Kind, string Answer, TimeSpan? RetryAfter, TimeSpan After);
