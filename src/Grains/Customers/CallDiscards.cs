using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Operators discard waiting calls. The grain does it, so that its memory agrees with the outbox: a call that is held for an attempt stays; while
/// rows are being removed no attempt begins; afterwards the queue is read again.
/// </summary>
internal sealed class CallDiscards(QueueHead queueHead)
{
    private const int Page = 500;

    /// <summary>One call of <see cref="DiscardAsync"/> looks at this many rows, so that it ends within its response time-out.</summary>
    private const int MostLookedAt = 20_000;

    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallQueue _queue = queueHead.Queue;
    private readonly CallTally _tally = new(queueHead);

    /// <summary>Discards the calls that a filter selects, in one part of the queue.</summary>
    public async ValueTask<DiscardResult> DiscardAsync(CallFilter filter, bool isPreview, long after)
    {
        var total = DiscardResult.Nothing with { Next = after };
        for (var lookedAt = 0; lookedAt < MostLookedAt && total is { Next: { } next, Problem: null };)
        {
            var (rows, page) = await DiscardPageAsync(next, call => call.Kind == CallKind.MergeBarrier ? null : filter.Matches(call), isPreview);
            total = total.Add(page);
            lookedAt += rows;
        }

        return total;
    }

    /// <summary>Removes the barrier of a merge, which may be anywhere in the queue.</summary>
    public async ValueTask DiscardBarrierAsync(Ulid callId)
    {
        var total = DiscardResult.Nothing with { Next = 0 };
        while (total is { Discarded: 0, Next: { } next, Problem: null })
        {
            total = total.Add((await DiscardPageAsync(next, call => call.Kind == CallKind.MergeBarrier && call.Id == callId, isPreview: false)).Result);
        }
    }

    /// <summary>Discards the calls of one page of the queue.</summary>
    /// <param name="after">Behind which sequence the page begins.</param>
    /// <param name="isMeant">Whether a call is meant; null for a barrier that stays.</param>
    /// <param name="isPreview">Whether they are counted only.</param>
    private async ValueTask<(int Rows, DiscardResult Result)> DiscardPageAsync(long after, Func<Call, bool?> isMeant, bool isPreview)
    {
        await queueHead.Discards.TakeAsync();
        try
        {
            CustomerQueue page;
            try
            {
                page = await _context.Outbox.ReadQueueAsync(_address, after, Page, CallQueue.WindowBytes);
            }
            catch (Exception exception)
            {
                _context.Logger.QueueNotRead(_address.Workspace, exception);
                return (0, DiscardResult.Nothing with { Next = after, Problem = "The customer's queue cannot be read now." });
            }

            var meant = page.Rows.Where(row => isMeant(row.Call) == true).ToList();
            var barriers = page.Rows.Count(row => isMeant(row.Call) is null);

            // Until the rows are gone no attempt begins: a permit waits for the end of this page.
            var inFlight = queueHead.InFlight;
            var rows = meant.Where(row => row.Sequence != inFlight && row.SendAttempt is null).ToList();
            var found = new DiscardResult(meant.Count, 0, meant.Count - rows.Count, barriers, page.Rows.Count > 0 ? page.Rows[^1].Sequence : null);
            if (isPreview || rows.Count == 0)
            {
                return (page.Rows.Count, found);
            }

            var written = await RemoveAsync(rows);
            _queue.OnDiscarded(keepsHead: queueHead.InFlight is not null);
            if (written is WriteResult.Unavailable unavailable)
            {
                return (page.Rows.Count, found with { Next = after, Problem = unavailable.Reason });
            }

            OnDiscarded(rows);
            return (page.Rows.Count, found with { Discarded = rows.Count });
        }
        finally
        {
            queueHead.Discards.End();
        }
    }

    /// <summary>Removes rows. A send leaves a trace, for those who ask what became of it.</summary>
    private async ValueTask<WriteResult> RemoveAsync(List<OutboxRow> rows)
    {
        var discarded = SendResult.Discarded(_context.Time.GetUtcNow());
        List<OutboxRow> others = [.. rows.Where(row => row.Call.Kind != CallKind.Send)];
        Task<WriteResult>[] writes =
        [
            _context.Outbox.CompleteAsync([.. others.Select(row => row.Key)], [.. others.Select(HistoryOf).OfType<HistoryRow>()]).AsTask(),
            .. rows.Where(row => row.Call.Kind == CallKind.Send).Select(row => _context.Outbox.EndSendAsync(row.Key, discarded, history: HistoryOf(row)).AsTask()),
        ];
        return (await Task.WhenAll(writes)).OfType<WriteResult.Unavailable>().FirstOrDefault() ?? (WriteResult)WriteResult.Written.Instance;
    }

    /// <summary>A barrier is no call of its own.</summary>
    private HistoryRow? HistoryOf(OutboxRow row) =>
        row.Call.Kind == CallKind.MergeBarrier ? null : _context.History.OfEnd(_address, row.Sequence, row.Call, HistoryResult.Discarded);

    private void OnDiscarded(List<OutboxRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Call.Kind == CallKind.MergeBarrier)
            {
                continue;
            }

            _tally.Discarded(row.Call);
            queueHead.ReportEnd(row.Call);
            if (row.Call is { Kind: CallKind.Merge, OtherCustomer: { } secondary } merge)
            {
                // Not awaited: the secondary may be discarding a merge of which this is the secondary. A barrier that stays behind releases itself.
                _context.Customer(secondary).DiscardBarrier(merge.Id).AsTask().Ignore();
            }
        }

        queueHead.AnnounceHeadAsync().Ignore();
    }
}
