namespace CioOrleans.Cli.Imports;

/// <summary>The progress of an import as the dispatcher answers it.</summary>
internal sealed record ImportProgress(
    long? Rows, long Accepted, long Refused, long Calls, long Delivered, long DeadLetters, long Waiting, double PerSecond, DateTimeOffset? ExpectedEnd, bool IsDone);
