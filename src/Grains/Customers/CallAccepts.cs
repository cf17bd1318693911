using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Customers;

/// <summary>Accepts one customer's calls: numbers them in the order in which they come, stores them, and tells the workspace of the first.</summary>
internal sealed class CallAccepts(QueueHead queueHead)
{
    private static readonly TimeSpan _diskRetry = TimeSpan.FromSeconds(5);
    private static readonly ReplayResult.Unavailable _heldNoMore = new("The dead letter has just been replayed, discarded or released. Try again.", QueueHead.OutboxRetry);

    private readonly CustomerContext _context = queueHead.Context;
    private readonly CustomerAddress _address = queueHead.Address;
    private readonly CallQueue _queue = queueHead.Queue;

    /// <summary>Accepts a call unless it is a repeat.</summary>
    public ValueTask<AcceptResult> AcceptAsync(Call call, AcceptDeadline deadline)
    {
        CallRules.ThrowIfRefused(call);
        return AppendOnceAsync(call, deadline);
    }

    /// <summary>Accepts several calls in their order.</summary>
    public async ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(IReadOnlyList<Call> calls, AcceptDeadline deadline)
    {
        foreach (var call in calls)
        {
            CallRules.ThrowIfRefused(call);
        }

        // All calls get their sequences and are passed to the outbox before the first one is awaited.
        var accepts = new Task<AcceptResult>[calls.Count];
        for (var i = 0; i < accepts.Length; i++)
        {
            accepts[i] = AppendOnceAsync(calls[i], deadline).AsTask();
        }

        return await Task.WhenAll(accepts);
    }

    /// <summary>Whether a call repeats an accepted one.</summary>
    public async ValueTask<bool> IsRepeatAsync(Call call)
    {
        if (!queueHead.MayRepeat(call) || await queueHead.Repeats.EarlierResultAsync(call) is not { IsAccepted: true })
        {
            return false;
        }

        _context.Metrics.Duplicate(call.LimitClass, call.Kind);
        return true;
    }

    /// <summary>Puts a dead letter at the end of the queue; one that holds the queue goes back to its place.</summary>
    public async ValueTask<ReplayResult> ReplayAsync(Ulid deadLetterId, AcceptDeadline deadline)
    {
        DeadLetter? letter;
        try
        {
            letter = await _context.DeadLetters.FindDeadLetterAsync(_address.Workspace, deadLetterId);
        }
        catch (Exception exception)
        {
            _context.Logger.LetterNotRead(_address.Workspace, exception);
            return ReplayResult.Unavailable.NotReadable;
        }

        if (letter is null || letter.Customer != _address.Customer)
        {
            return ReplayResult.Absent.Instance;
        }

        if (letter.IsHeld)
        {
            return await ReplayHeldAsync(letter, deadline);
        }

        if (await AppendAsync(letter.Call, deadline, deadLetterId) is AcceptResult.NotAccepted refused)
        {
            return new ReplayResult.Unavailable(refused.Reason, refused.RetryAfter);
        }

        new CallTally(queueHead).Replayed(letter.Call);
        return ReplayResult.Replayed.Instance;
    }

    /// <summary>A dead letter that held the queue was discarded.</summary>
    public void OnHoldChanged()
    {
        _queue.OnDiscarded(keepsHead: queueHead.InFlight is not null);

        // If the workspace is not told, its next look at the held customers finds out.
        queueHead.AnnounceHeadAsync().Ignore();
    }

    /// <summary>
    /// Puts the dead letter that holds the queue back to its place. No call behind it can have left: the store puts it back only while it holds the queue, and
    /// the queue goes on only after its hold has ended there.
    /// </summary>
    private async ValueTask<ReplayResult> ReplayHeldAsync(DeadLetter letter, AcceptDeadline deadline)
    {
        if (deadline.MayHavePassed(_context.Clock.Bounds))
        {
            return new ReplayResult.Unavailable(AcceptResult.Expired.Instance.Reason, AcceptResult.Expired.Instance.RetryAfter);
        }

        HeldCall? held;
        try
        {
            held = (await _context.Outbox.ReadQueueAsync(_address, afterSequence: 0, maxRows: 1, maxBytes: 1)).Held;
        }
        catch (Exception exception)
        {
            _context.Logger.LetterNotRead(_address.Workspace, exception);
            return ReplayResult.Unavailable.NotReadable;
        }

        if (held?.Id != letter.Call.Id)
        {
            return _heldNoMore;
        }

        switch (await _context.Outbox.ReplayHeldAsync(queueHead.KeyOf(held), deadline))
        {
            case WriteResult.Written:
                new CallTally(queueHead).Replayed(letter.Call);
                OnHoldChanged();
                return ReplayResult.Replayed.Instance;

            case WriteResult.Unavailable unavailable:
                // It may be stored all the same.
                OnHoldChanged();
                return new ReplayResult.Unavailable(unavailable.Reason, QueueHead.OutboxRetry);

            default:
                return _heldNoMore;
        }
    }

    /// <summary>Accepts a send, and binds its key to it.</summary>
    public async ValueTask<KeyedAccept> AcceptSendAsync(Call call, SendKey key, AcceptDeadline deadline)
    {
        if (await FindSendAsync(key) is { } known)
        {
            _context.Metrics.Duplicate(call.LimitClass, call.Kind);
            return KeyedAccept.Repeat(known, key);
        }

        if (await AppendAsync(call, deadline, replaces: null, key) is not AcceptResult.NotAccepted refusal)
        {
            return new KeyedAccept.Bound(new SendBinding(call.Id, _address.Customer, key.Content), IsNew: true);
        }

        // Another offer may have been stored first, or this one may be stored although its commit seemed to fail.
        return await TryFindSendAsync(key) is { } bound ? KeyedAccept.Repeat(bound, key) : new KeyedAccept.Refused(refusal);
    }

    /// <summary>The send that a key of the workspace is bound to; null if the key is not bound.</summary>
    public ValueTask<SendBinding?> FindSendAsync(SendKey key) => _context.Results.FindSendKeyAsync(_address.Workspace, key.Name);

    /// <summary>Puts a call at the end of the queue.</summary>
    /// <param name="call">The call.</param>
    /// <param name="deadline">A call that comes later gets no sequence.</param>
    /// <param name="replaces">The dead letter that the call replaces; null for none.</param>
    /// <param name="key">The key that is bound to the call; null for none.</param>
    public async ValueTask<AcceptResult> AppendAsync(Call call, AcceptDeadline deadline, Ulid? replaces = null, SendKey? key = null)
    {
        if (replaces is null && queueHead.SharedQueue is { } shared)
        {
            return await shared.Accept(call, deadline);
        }

        if (!_queue.IsKnown)
        {
            queueHead.LoadLate();
            return new AcceptResult.Unavailable("The customer's queue cannot be read now. Try again.", QueueHead.OutboxRetry);
        }

        // No await lies between this check and the sequence. So a call that gets a sequence gets it before its caller can have been answered 503.
        if (deadline.MayHavePassed(_context.Clock.Bounds))
        {
            return AcceptResult.Expired.Instance;
        }

        // The sequence is taken before the first await, so that calls keep the order in which they arrive, however their commits are grouped.
        var sequence = _queue.Reserve();
        var append = key is { } name
            ? _context.Outbox.AppendSendAsync(_address, sequence, call, name, deadline)
            : _context.Outbox.AppendAsync(_address, sequence, call, replaces, deadline);
        switch (await append)
        {
            case AppendResult.Appended:
                _context.Metrics.Accepted(call.LimitClass, call.Kind);
                if (_queue.OnStored(sequence, call))
                {
                    await queueHead.AnnounceAsync(call);
                }

                return AcceptResult.Accepted.Instance;

            case AppendResult.Expired:
                _queue.OnNotStored(sequence);
                return AcceptResult.Expired.Instance;

            case AppendResult.Unavailable unavailable:
                _queue.OnNotStored(sequence);
                return unavailable.IsDiskFull ? new AcceptResult.Unavailable(unavailable.Reason, _diskRetry) { IsDiskFull = true }
                    : unavailable.MayBeStored ? new AcceptResult.Uncertain(unavailable.Reason, QueueHead.OutboxRetry)
                    : new AcceptResult.Unavailable(unavailable.Reason, QueueHead.OutboxRetry);

            default:
                _queue.OnNotStored(sequence);

                // Either the key is bound already, or a twin of this grain writes to the same queue. Then the memory of this activation is wrong.
                if (key is not { } bound || await TryFindSendAsync(bound) is null)
                {
                    queueHead.Leave();
                }

                return new AcceptResult.Unavailable("The customer's queue has just moved. Try again.", QueueHead.OutboxRetry);
        }
    }

    private ValueTask<AcceptResult> AppendOnceAsync(Call call, AcceptDeadline deadline) =>
        queueHead.MayRepeat(call) ? AppendKeyedAsync(call, deadline) : AppendAsync(call, deadline);

    private async ValueTask<AcceptResult> AppendKeyedAsync(Call call, AcceptDeadline deadline)
    {
        var (result, isRepeat) = await queueHead.Repeats.AppendOnceAsync(call, keyed => AppendAsync(keyed, deadline));
        if (isRepeat)
        {
            _context.Metrics.Duplicate(call.LimitClass, call.Kind);
        }

        return result;
    }

    private async ValueTask<SendBinding?> TryFindSendAsync(SendKey key)
    {
        try
        {
            return await FindSendAsync(key);
        }
        catch (Exception exception)
        {
            _context.Logger.QueueNotRead(_address.Workspace, exception);
            return null;
        }
    }
}
