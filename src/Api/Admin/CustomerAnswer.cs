using System.Text.Json.Serialization;
using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.Limits;

namespace CioOrleans.Api.Admin;

/// <summary>A customer as <c>/admin</c> shows it: by the ordering key that was looked up, with the call that goes next (null when nothing waits).</summary>
internal sealed record CustomerAnswer(string Workspace, string Customer, long Queued, bool InFlight, HeadAnswer? Head)
{
    /// <summary>Where the head is; left out when nothing waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>What the head waits for, the nearest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WaitAnswer>? WaitsFor { get; init; }

    /// <summary>When the head should go out; left out where that depends on people or on Customer.io.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpectedAt { get; init; }

    public static CustomerAnswer Of(CustomerAddress address, CustomerStatus status, WaitExplanation? explanation, DateTimeOffset now) => new(
        address.Workspace,
        address.Customer,
        status.Queued,
        status.InFlight,
        status.Head.HasCall
            ? new HeadAnswer(status.HeadId?.ToString(), status.Head.LimitClass.ToName(), status.Head.Attempts, status.Head.NotBefore, status.HeadError, status.HeadAcceptedAt)
            : null)
    {
        State = explanation is null ? null : CallAnswer.Name(explanation.State),
        WaitsFor = explanation is null ? null : WaitAnswer.Of(explanation.Causes),
        ExpectedAt = now + explanation?.ExpectedIn,
    };
}

/// <summary>The call at the head of a customer's queue; <c>notBefore</c> is null when it may go at once, <c>error</c> when it has not failed.</summary>
internal sealed record HeadAnswer(string? Id, string LimitClass, int Attempts, DateTimeOffset? NotBefore, string? Error, DateTimeOffset? AcceptedAt);
