using CioOrleans.Imports;

namespace CioOrleans.Api.Admin;

/// <summary>
/// The progress of an import. <c>accepted</c> and <c>refused</c> count people; <c>calls</c>, <c>delivered</c>, <c>deadLetters</c>, <c>discarded</c> and
/// <c>waiting</c> count calls, two for a person with an event. <c>expectedEnd</c> is null until the rate has been measured, and while no call is
/// delivered.
/// </summary>
internal sealed record ImportAnswer(
    string Workspace,
    string Import,
    DateTimeOffset StartedAt,
    long? Rows,
    long Accepted,
    long Refused,
    long Calls,
    long Delivered,
    long DeadLetters,
    long Discarded,
    long Waiting,
    double PerSecond,
    DateTimeOffset? ExpectedEnd,
    bool IsDone)
{
    public static ImportAnswer Of(string workspace, Ulid import, ImportStatus status) => new(
        workspace,
        import.ToString(),
        status.StartedAt,
        status.Rows,
        status.Counts.Accepted,
        status.Counts.Refused,
        status.Counts.Calls,
        status.Counts.Delivered,
        status.Counts.DeadLetters,
        status.Counts.Discarded,
        status.Waiting,
        Math.Round(status.Rate, 1),
        status.ExpectedEnd,
        status.Waiting == 0 && status.Counts.Accepted + status.Counts.Refused >= (status.Rows ?? 1));
}
