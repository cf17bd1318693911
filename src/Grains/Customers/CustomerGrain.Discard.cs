using CioOrleans.Calls;
using CioOrleans.Discarding;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Operators discard waiting calls. The grain does it, so that its memory agrees with the outbox: a call that is held for an attempt stays; while
/// rows are being removed no attempt begins; afterwards the queue is read again.
/// </summary>
internal sealed partial class CustomerGrain
{
    private const int DiscardPage = 500;

    /// <summary>One call of <see cref="Discard"/> looks at so many rows, so that it ends within its response time-out.</summary>
    private const int MostLookedAt = 20_000;

    /// <summary>A batch to which the head was offered has ended once its attempt time-out and this have passed, reported or not.</summary>
    private static readonly TimeSpan _batchSlack = TimeSpan.FromSeconds(7);

    // The head of an attempt, from the moment at which it was chosen until its end is known. A batch may leave a head behind without a
    // report: that hold ends after a time.
    private (long Sequence, long Since, TimeSpan? Longest)? _held;
    private TaskCompletionSource? _discarding;

    /// <inheritdoc/>
    public async ValueTask<DiscardResult> Discard(CallFilter filter, bool isPreview, long after)
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

    /// <inheritdoc/>
    public async ValueTask DiscardBarrier(Ulid callId)
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
        while (_discarding is { } other)
        {
            await other.Task;
        }

        var running = _discarding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            CustomerQueue page;
            try
            {
                page = await _context.Outbox.ReadQueueAsync(_address, after, DiscardPage, CallQueue.WindowBytes);
            }
            catch (Exception exception)
            {
                LogNotReadable(_context.Logger, _address.Workspace, exception);
                return (0, DiscardResult.Nothing with { Next = after, Problem = "The customer's queue cannot be read now." });
            }

            var meant = page.Rows.Where(row => isMeant(row.Call) == true).ToList();
            var barriers = page.Rows.Count(row => isMeant(row.Call) is null);

            // Until the rows are gone no attempt begins: a permit waits for the end of this page.
            var inFlight = InFlightSequence();
            var rows = meant.Where(row => row.Sequence != inFlight && row.SendAttempt is null).ToList();
            var found = new DiscardResult(meant.Count, 0, meant.Count - rows.Count, barriers, page.Rows.Count > 0 ? page.Rows[^1].Sequence : null);
            if (isPreview || rows.Count == 0)
            {
                return (page.Rows.Count, found);
            }

            var written = await RemoveAsync(rows);
            _queue.OnDiscarded(keepsHead: InFlightSequence() is not null);
            if (written is WriteResult.Unavailable unavailable)
            {
                return (page.Rows.Count, found with { Next = after, Problem = unavailable.Reason });
            }

            OnDiscarded(rows);
            return (page.Rows.Count, found with { Discarded = rows.Count });
        }
        finally
        {
            _discarding = null;
            running.SetResult();
        }
    }

    /// <summary>Removes rows. A send leaves a trace, for those who ask what became of it.</summary>
    private async ValueTask<WriteResult> RemoveAsync(List<OutboxRow> rows)
    {
        var discarded = SendResult.Discarded(_context.Time.GetUtcNow());
        Task<WriteResult>[] writes =
        [
            _context.Outbox.CompleteAsync([.. rows.Where(row => row.Call.Kind != CallKind.Send).Select(row => row.Key)]).AsTask(),
            .. rows.Where(row => row.Call.Kind == CallKind.Send).Select(row => _context.Outbox.EndSendAsync(row.Key, discarded).AsTask()),
        ];
        return (await Task.WhenAll(writes)).OfType<WriteResult.Unavailable>().FirstOrDefault() ?? (WriteResult)WriteResult.Written.Instance;
    }

    private void OnDiscarded(List<OutboxRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Call.Kind == CallKind.MergeBarrier)
            {
                continue;
            }

            _context.Metrics.Discarded(row.Call.LimitClass, row.Call.Kind);
            if (row.Call.Notes.Import is { } import)
            {
                _context.Imports.Add(new ImportAddress(_address.Workspace, import), new ImportCounts(0, 0, 0, 0, 0, Discarded: 1));
            }

            ReportEnd(row.Call);
            if (row.Call is { Kind: CallKind.Merge, OtherCustomer: { } secondary } merge)
            {
                // Not awaited: the secondary may be discarding a merge of which this is the secondary. A barrier that stays behind releases itself.
                Customer(secondary).DiscardBarrier(merge.Id).AsTask().Ignore();
            }
        }

        AnnounceAfterDiscardAsync().Ignore();
    }

    /// <summary>Tells the workspace what the head is now. Reading the queue completes those who waited for the discarded calls.</summary>
    private async Task AnnounceAfterDiscardAsync()
    {
        while (_discarding is { } running)
        {
            await running.Task;
        }

        if (InFlightSequence() is null && await EnsureHeadAsync())
        {
            await _context.Owner.HeadChanged(_address.Customer, await CurrentHeadAsync());
            if (_queue.TryPeek(out var head))
            {
                await AnnounceIfBarrierAsync(head.Call);
            }
        }
    }

    /// <summary>The sequence of the head that is being sent, or has ended and that is not stored yet; null where there is none.</summary>
    private long? InFlightSequence() =>
        _unstoredEnd is not null && _queue.TryPeek(out var ended) ? ended.Sequence
        : _held is { } held && (held.Longest is not { } longest || _context.Time.GetElapsedTime(held.Since) < longest) ? held.Sequence
        : null;

    /// <summary>For what changes the head outside of an attempt: nobody is discarding, and the head is in memory where it can be read.</summary>
    private async ValueTask WaitForDiscardsAsync()
    {
        do
        {
            await (_discarding?.Task ?? Task.CompletedTask);
            await EnsureHeadAsync();
        }
        while (_discarding is not null);
    }

    private void Hold(QueuedCall head, TimeSpan? longest) => _held = (head.Sequence, _context.Time.GetTimestamp(), longest);
}
