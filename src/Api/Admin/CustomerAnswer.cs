using System.Text.Json.Serialization;
using CioOrleans.Client.Explaining;
using CioOrleans.Client.Operating;
using CioOrleans.Limits;

namespace CioOrleans.Api.Admin;

/// <summary>A customer's queue. <c>customer</c> is the ordering key; <c>head</c> is the first waiting call, or null if no call waits.</summary>
internal sealed record CustomerAnswer(string Workspace, string Customer, long Queued, bool InFlight, HeadAnswer? Head)
{
    /// <summary>The state of the head. Left out if no call waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>The causes for which the head waits, the most immediate first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WaitAnswer>? WaitsFor { get; init; }

    /// <summary>The dead letter that holds the queue until it is replayed or discarded. Left out if none does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeldAnswer? Held { get; init; }

    /// <summary>When the head should be sent. Left out if that depends on an operator or on Customer.io.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpectedAt { get; init; }

    public static CustomerAnswer Of(CustomerReport report)
    {
        var (address, status, explanation) = (report.Address, report.Status, report.Explanation);
        return new CustomerAnswer(
            address.Workspace,
            address.Customer,
            status.Queued,
            status.InFlight,
            status.Head.HasCall
                ? new HeadAnswer(status.HeadId?.ToString(), status.Head.LimitClass.ToName(), status.Head.Attempts, status.Held is null ? status.Head.NotBefore : null, status.HeadError, status.HeadAcceptedAt)
                : null)
        {
            State = explanation is not null ? CallAnswer.Name(explanation.State) : status.Held is not null ? CallAnswer.Name(CallState.Held) : null,
            Held = status.Held is { } held ? HeldAnswer.Of(held) : null,
            WaitsFor = explanation is null ? null : WaitAnswer.Of(explanation.Causes),
            ExpectedAt = report.At + explanation?.ExpectedIn,
        };
    }
}

/// <summary>The first waiting call of a customer. <c>notBefore</c> is null if it may be sent at once; <c>error</c> is null if no attempt has failed.</summary>
internal sealed record HeadAnswer(string? Id, string LimitClass, int Attempts, DateTimeOffset? NotBefore, string? Error, DateTimeOffset? AcceptedAt);
