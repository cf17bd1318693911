namespace CioOrleans.RateLimiting;

/// <summary>What the successor of an owner that stops in good order must know of a limit group, so that it can go on without a pause.</summary>
/// <param name="Limits">The limits of the group, as text.</param>
/// <param name="PausedFor">Milliseconds from its making; 0 when not paused.</param>
/// <param name="Buckets">For each bucket, when its tokens come back, in milliseconds from its making, rounded up; all others are free.</param>
/// <param name="Classes">The names of the group's classes, ascending. Null in a row of an older version: no group can take over from it.</param>
public sealed record LimitSchedule(string Limits, int PausedFor, IReadOnlyList<IReadOnlyList<int>> Buckets, IReadOnlyList<string>? Classes = null);
