using CioOrleans.Calls;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Tests.Contract;

/// <summary>Rows of the history as a delivery leaves them.</summary>
public static class HistoryRows
{
    /// <summary>A call that was delivered at its first attempt, within 20 ms.</summary>
    /// <param name="at">When the request had ended.</param>
    /// <param name="customer">The customer.</param>
    public static HistoryRow Delivered(DateTimeOffset at, string customer = "id:ann") => new()
    {
        Id = HistoryId.Of(HistoryId.Microseconds(at)),
        Workspace = "acme",
        Customer = customer,
        CallId = Ulid.NewUlid(at),
        Sequence = 1,
        Kind = CallKind.Event,
        LimitClass = LimitClass.Track,
        AcceptedAt = at.ToUnixTimeMilliseconds(),
        Attempt = 1,
        Epoch = 1,
        Permit = at.ToUnixTimeMilliseconds() % 1_000_000,
        Silo = "silo",
        Sent = HistoryId.Microseconds(at) - 20_000,
        Ended = HistoryId.Microseconds(at),
        Result = HistoryResult.Delivered,
        Status = 200,
    };
}
