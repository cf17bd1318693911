namespace CioOrleans.RateLimiting;

/// <summary>What the successor of an owner that stops in good order must know of a limit group, so that it can go on without a pause.</summary>
/// <param name="Limits">The limits it belongs to, as text: one of other limits is worth nothing.</param>
/// <param name="PausedFor">Milliseconds from its making; 0 when not paused.</param>
/// <param name="Buckets">For each bucket, when its tokens come back, in milliseconds from its making, rounded up; all others are free.</param>
public sealed record LimitSchedule(string Limits, int PausedFor, IReadOnlyList<IReadOnlyList<int>> Buckets);
