using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Customers;

/// <inheritdoc cref="ICustomerGrain"/>
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class CustomerGrain : Grain, ICustomerGrain
{
    private static readonly TimeSpan _outboxRetry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _diskRetry = TimeSpan.FromSeconds(5);

    private readonly CustomerContext _context;
    private readonly CustomerAddress _address;
    private readonly CallQueue _queue;

    // Set while the head has ended at Customer.io and its end is not stored. Until it is stored, neither the head nor a call behind it is sent. So a crash
    // repeats the last call at most, never an earlier one.
    private Func<ValueTask<WriteResult>>? _unstoredEnd;
    private Permit? _newestPermit;
    private Task? _lateLoad;
    private bool _isSending;
    private bool _isCounted;

    public CustomerGrain(CustomerContexts contexts)
    {
        var address = contexts.Keys.ReadCustomer(this.GetPrimaryKeyString());
        _context = contexts.Of(address.Workspace);

        // One string for all grains of the workspace, instead of a copy in each.
        _address = address with { Workspace = _context.Settings.Name };
        _sharedKey = _context.Sharing.SharedKeyOf(_address);
        _queue = new CallQueue(_context.Budget, activation: Guid.NewGuid());
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _context.Active.Add();
        _isCounted = true;

        // The activation succeeds even if the outbox cannot be read. A failed activation would delay its callers and hold their tokens; now each call is refused.
        await TryLoadAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _queue.Release();
        if (_isCounted)
        {
            _context.Active.Remove();
        }

        return Task.CompletedTask;
    }

    public ValueTask<AcceptResult> Accept(Call call, AcceptDeadline deadline)
    {
        CallRules.ThrowIfRefused(call);
        return AppendOnceAsync(call, deadline);
    }

    public async ValueTask<IReadOnlyList<AcceptResult>> AcceptMany(IReadOnlyList<Call> calls, AcceptDeadline deadline)
    {
        if (SharedQueue is { } shared)
        {
            return await shared.AcceptMany(calls, deadline);
        }

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

    public ValueTask<AcceptResult> AcceptBarrier(Call barrier, AcceptDeadline deadline) => AppendAsync(barrier, deadline, replaces: null);

    public async ValueTask<ReplayResult> Replay(Ulid deadLetterId, AcceptDeadline deadline)
    {
        DeadLetter? letter;
        try
        {
            letter = await _context.DeadLetters.FindDeadLetterAsync(_address.Workspace, deadLetterId);
        }
        catch (Exception exception)
        {
            LogLetterNotRead(_context.Logger, _address.Workspace, exception);
            return ReplayResult.Unavailable.NotReadable;
        }

        if (letter is null || letter.Customer != _address.Customer)
        {
            return ReplayResult.Absent.Instance;
        }

        if (await AppendAsync(letter.Call, deadline, deadLetterId) is AcceptResult.NotAccepted refused)
        {
            return new ReplayResult.Unavailable(refused.Reason, refused.RetryAfter);
        }

        CountImport(letter.Call, new ImportCounts(0, 0, 0, 0, DeadLetters: -1));
        return ReplayResult.Replayed.Instance;
    }

    public async ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason)
    {
        await WaitForDiscardsAsync();

        // The result of a head with an unstored end is decided. Storing a postponement could make the head leave again after a crash.
        if (_unstoredEnd is not null || !_queue.TryPeek(out var head) || head.Sequence != sequence)
        {
            return await CurrentHeadAsync();
        }

        head.Attempts = attempts;
        head.NotBefore = notBefore;
        head.LastError = reason;

        // If this is not stored, a crash forgets the attempt: the call gets one attempt more than the settings allow. It is not lost.
        if (await _context.Outbox.PostponeAsync(head.KeyIn(_address), attempts, notBefore, reason) is WriteResult.Unavailable unavailable)
        {
            LogAttemptNotStored(_context.Logger, _address.Workspace, unavailable.Reason);
        }

        return head.State;
    }

    public async ValueTask<HeadState> MakeDeadLetter(long sequence, int attempts, string reason)
    {
        await WaitForDiscardsAsync();
        if (_unstoredEnd is not null || !_queue.TryPeek(out var head) || head.Sequence != sequence)
        {
            return await CurrentHeadAsync();
        }

        await EndHeadAsync(head, () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), attempts, reason, _context.Time.GetUtcNow()));
        OnDeadLetter(head.Call);
        return await NextHeadAsync(head.Call);
    }

    private async ValueTask<AcceptResult> AppendAsync(Call call, AcceptDeadline deadline, Ulid? replaces, SendKey? key = null)
    {
        if (replaces is null && SharedQueue is { } shared)
        {
            return await shared.Accept(call, deadline);
        }

        if (!_queue.IsKnown)
        {
            LoadLate();
            return new AcceptResult.Unavailable("The customer's queue cannot be read now. Try again.", _outboxRetry);
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
                    await AnnounceHeadAsync(call);
                }

                return AcceptResult.Accepted.Instance;

            case AppendResult.Expired:
                _queue.OnNotStored(sequence);
                return AcceptResult.Expired.Instance;

            case AppendResult.Unavailable unavailable:
                _queue.OnNotStored(sequence);
                return unavailable.IsDiskFull ? new AcceptResult.Unavailable(unavailable.Reason, _diskRetry) { IsDiskFull = true }
                    : unavailable.MayBeStored ? new AcceptResult.Uncertain(unavailable.Reason, _outboxRetry)
                    : new AcceptResult.Unavailable(unavailable.Reason, _outboxRetry);

            default:
                _queue.OnNotStored(sequence);

                // Either the key is bound already, or a twin of this grain writes to the same queue. Then the memory of this activation is wrong.
                if (key is not { } bound || await TryFindSendAsync(bound) is null)
                {
                    DeactivateOnIdle();
                }

                return new AcceptResult.Unavailable("The customer's queue has just moved. Try again.", _outboxRetry);
        }
    }

    private async ValueTask AnnounceHeadAsync(Call head)
    {
        await _context.Owner.HasWork(_address.Customer, HeadState.Of(head.LimitClass, head.Priority, bytes: head.Body.Length));
        await AnnounceIfBarrierAsync(head);
    }

    private void OnDeadLetter(Call call)
    {
        _context.Metrics.DeadLettered(call.LimitClass, call.Kind);
        CountImport(call, new ImportCounts(0, 0, 0, 0, DeadLetters: 1));
    }

    private void CountImport(Call call, ImportCounts counts)
    {
        if (call.Notes.Import is { } import)
        {
            _context.Imports.Add(new ImportAddress(_address.Workspace, import), counts);
            if (_queue.IsEmpty)
            {
                // Of a million people of an import hardly one is heard of again soon: they must not all stay in memory for minutes.
                DeactivateOnIdle();
            }
        }
    }

    /// <summary>Ends the head: it leaves the queue once its end is stored.</summary>
    private async ValueTask EndHeadAsync(QueuedCall head, Func<ValueTask<WriteResult>> store)
    {
        _unstoredEnd = store;
        await StoreEndAsync();
    }

    private async ValueTask<bool> StoreEndAsync()
    {
        var store = _unstoredEnd!;
        if (await store() is WriteResult.Unavailable unavailable)
        {
            LogEndNotStored(_context.Logger, _address.Workspace, unavailable.Reason);
            return false;
        }

        // A barrier's release may interleave with a retry of the same end. The first to return removes the head; the second has nothing to do.
        if (!ReferenceEquals(_unstoredEnd, store))
        {
            return true;
        }

        _unstoredEnd = null;
        _queue.TryPeek(out var ended);
        _queue.Dequeue();
        _accepted.OnEnded(ended!.Sequence);
        ReachMarksIfEmpty();
        ReportEnd(ended.Call);
        if (ended!.Call is { Kind: CallKind.Merge, OtherCustomer: { } secondary } merge)
        {
            await Customer(secondary).ReleaseBarrier(merge.Id);
        }

        return true;
    }

    /// <summary>The state of the head behind a call that has just ended, for the workspace.</summary>
    private async ValueTask<HeadState> NextHeadAsync(Call ended)
    {
        if (_unstoredEnd is not null || !await EnsureHeadAsync())
        {
            return HeadState.Of(ended.LimitClass, ended.Priority, notBefore: _context.Time.GetUtcNow() + _outboxRetry);
        }

        if (!_queue.TryPeek(out var head))
        {
            return ReportEmpty();
        }

        // Read before the await: the head may change during it.
        var state = head.State;
        await AnnounceIfBarrierAsync(head.Call);
        return state;
    }

    /// <summary>The state of the head now, for the workspace. Never "empty" if a call may wait.</summary>
    private async ValueTask<HeadState> CurrentHeadAsync() =>
        !await EnsureHeadAsync() ? HeadState.Of(default, notBefore: _context.Time.GetUtcNow() + _outboxRetry)
        : _queue.TryPeek(out var head) ? head.State
        : ReportEmpty();

    private HeadState ReportEmpty()
    {
        _queue.OnReportedEmpty();
        return HeadState.Empty;
    }

    private async ValueTask<bool> EnsureHeadAsync()
    {
        while (_queue.NeedsLoad)
        {
            if (!await TryLoadAsync(CancellationToken.None))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> TryLoadAsync(CancellationToken cancellation)
    {
        var load = _queue.OnLoadStarted();
        try
        {
            var loaded = await _context.Outbox.ReadQueueAsync(_address, load.After, CallQueue.WindowCalls, CallQueue.WindowBytes, cancellation);
            _queue.OnLoaded(loaded, load);
            RememberKeys(loaded);
            ReachMarksIfEmpty();
            return true;
        }
        catch (Exception exception)
        {
            LogNotReadable(_context.Logger, _address.Workspace, exception);
            return false;
        }
    }

    /// <summary>Reads a queue that could not be read at activation. Accepts are refused until then: if they waited, they could overtake each other.</summary>
    private void LoadLate()
    {
        if (_lateLoad is null or { IsCompleted: true })
        {
            _lateLoad = LoadLateAsync();
            _lateLoad.Ignore();
        }
    }

    private async Task LoadLateAsync()
    {
        if (await TryLoadAsync(CancellationToken.None) && _queue.TryPeek(out var head))
        {
            await _context.Owner.HasWork(_address.Customer, head.State);
        }
    }

    private void ReachMarksIfEmpty()
    {
        if (_queue.IsEmpty)
        {
            _accepted.OnEmpty();
        }
    }

    private ICustomerGrain Customer(string customer) => GrainFactory.GetCustomer(_context.Keys, _address with { Customer = customer });
}
