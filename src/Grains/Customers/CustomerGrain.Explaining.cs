using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Explaining;

namespace CioOrleans.Grains.Customers;

internal sealed partial class CustomerGrain
{
    private const int ExplainedPage = 1_000;
    private const int MostExplained = 100_000;
    private const int MostCounted = 100_000;

    /// <inheritdoc/>
    public async ValueTask<CustomerStatus> GetStatus()
    {
        if (SharedQueue is { } shared)
        {
            return await shared.GetStatus();
        }

        await EnsureHeadAsync();
        var waiting = await _context.Outbox.CountQueueAsync(_address, MostCounted);
        return _queue.TryPeek(out var head)
            ? new CustomerStatus(waiting, head.Call.Id, head.State, head.LastError, head.Call.AcceptedAt, _isSending)
            : new CustomerStatus(waiting, null, HeadState.Empty, null, null, _isSending);
    }

    /// <inheritdoc/>
    public async ValueTask<CallPlace?> FindCall(Ulid? callId)
    {
        if (SharedQueue is { } shared)
        {
            return await shared.FindCall(callId);
        }

        // From the outbox: the window may be empty, and changes while this reads.
        long after = 0;
        for (long ahead = 0; ahead < MostExplained;)
        {
            var page = await _context.Outbox.ReadQueueAsync(_address, after, ExplainedPage, CallQueue.WindowBytes);
            foreach (var row in page.Rows)
            {
                if (callId is null || row.Call.Id == callId)
                {
                    return PlaceOf(ahead, row.Call);
                }

                ahead++;
                after = row.Sequence;
            }

            if (page.Rows.Count == 0)
            {
                break;
            }
        }

        return null;
    }

    private static CallPlace PlaceOf(long ahead, Call call) => new(ahead, call.Id, call.Kind, call.LimitClass, call.Priority, call.AcceptedAt, call.OtherCustomer);
}
