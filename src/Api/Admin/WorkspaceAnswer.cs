using System.Text.Json.Serialization;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>The state of a workspace, with its limits by class and Customer.io's hosts by name.</summary>
internal sealed record WorkspaceAnswer(
    string Workspace,
    bool IsPaused,
    string? PauseReason,
    long Queued,
    int Ready,
    int InFlight,
    int WaitingForRetry,
    long DeadLetters,
    long Epoch,
    string? Owner,
    IReadOnlyDictionary<string, LimitAnswer> Limits,
    IReadOnlyDictionary<string, HostAnswer> Hosts)
{
    /// <summary>Customers whose queues a dead letter holds. Left out if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int HeldCustomers { get; init; }

    public static WorkspaceAnswer Of(string workspace, WorkspaceStatus status) => new(
        workspace,
        status.IsPaused,
        status.PauseReason,
        status.Queued,
        status.ReadyCustomers,
        status.InFlight,
        status.WaitingForRetry,
        status.DeadLetters,
        status.Epoch,
        status.Owner,
        status.Limits
            .SelectMany(group => group.Classes.Select(limitClass => (limitClass, group)))
            .OrderBy(pair => pair.limitClass)
            .ToDictionary(pair => pair.limitClass.ToName(), pair => LimitAnswer.Of(pair.limitClass, pair.group)),
        (status.Hosts ?? []).ToDictionary(host => host.Host.ToName(), HostAnswer.Of))
    {
        HeldCustomers = status.HeldCustomers,
    };
}
