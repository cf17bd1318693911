using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Api.Admin;

/// <summary>A customer as <c>/admin</c> shows it: by the ordering key that was looked up, with the call that goes next (null when nothing waits).</summary>
internal sealed record CustomerAnswer(string Workspace, string Customer, long Queued, bool InFlight, HeadAnswer? Head)
{
    public static CustomerAnswer Of(CustomerAddress address, CustomerStatus status) => new(
        address.Workspace,
        address.Customer,
        status.Queued,
        status.InFlight,
        status.Head.HasCall
            ? new HeadAnswer(status.HeadId?.ToString(), status.Head.LimitClass.ToName(), status.Head.Attempts, status.Head.NotBefore, status.HeadError, status.HeadAcceptedAt)
            : null);
}

/// <summary>The call at the head of a customer's queue; <c>notBefore</c> is null when it may go at once, <c>error</c> when it has not failed.</summary>
internal sealed record HeadAnswer(string? Id, string LimitClass, int Attempts, DateTimeOffset? NotBefore, string? Error, DateTimeOffset? AcceptedAt);
