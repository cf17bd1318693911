namespace CioOrleans.Cli.Importing;

/// <summary>What the dispatcher says of an import.</summary>
internal sealed record ImportProgress(
    long? Rows, long Accepted, long Refused, long Calls, long Delivered, long DeadLetters, long Waiting, double PerSecond, DateTimeOffset? ExpectedEnd, bool IsDone);
