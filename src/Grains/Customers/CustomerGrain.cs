using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;
using CioOrleans.Limits;
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

    // Set while the head has ended at Customer.io and its end is not stored yet. It must not be sent again, and nothing behind
    // it may go: a crash then repeats the last call at most, never an earlier one.
    private Func<ValueTask<WriteResult>>? _unstoredEnd;
    private Permit? _newestPermit;
    private Task? _lateLoad;
    private bool _isSending;
    private bool _isCounted;

    public CustomerGrain(CustomerContexts contexts)
    {
        var address = contexts.Keys.ReadCustomer(this.GetPrimaryKeyString());
        _context = contexts.Of(address.Workspace);

        // The name that all share, and not a copy of its own.
        _address = address with { Workspace = _context.Settings.Name };
        _sharedKey = _context.Sharing.SharedKeyOf(_address);
        _queue = new CallQueue(_context.Budget, activation: Guid.NewGuid());
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _context.Active.Add();
        _isCounted = true;

        // An activation that fails would hold up its callers, and a slot of the limit with them. Where the outbox cannot be read, each of them is told so.
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

        // All get their sequences, and are handed to the outbox, before the first of them is waited for.
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

    public async ValueTask<DeliveryOutcome> DeliverNext(Permit permit)
    {
        if (!_context.Deliveries.TryBegin())
        {
            return LeaveSilo();
        }

        if (IsOvertaken(permit))
        {
            _context.Deliveries.End();
            return Signed(Unused(UnusedReason.PermitExpired, await CurrentHeadAsync()));
        }

        try
        {
            return Signed(await ReadyHeadAsync(permit, longestHold: null) switch
            {
                (_, { } unused) => unused,
                ({ Call.Kind: CallKind.Send } head, _) => await SendOnceAsync(head, permit),
                var (head, _) => await SendAsync(head!, permit),
            });
        }
        finally
        {
            _held = null;
            _context.Deliveries.End();
        }
    }

    public async ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason)
    {
        await WaitForDiscardsAsync();

        // One whose end is not stored yet is settled already: what is written of it here could make it leave a second time after a crash.
        if (_unstoredEnd is not null || !_queue.TryPeek(out var head) || head.Sequence != sequence)
        {
            return await CurrentHeadAsync();
        }

        head.Attempts = attempts;
        head.NotBefore = notBefore;
        head.LastError = reason;

        // An attempt that could not be stored is forgotten in a crash: the call gets one more than it should, and is not lost.
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

        // No await lies between this look at the clock and the place in the queue: a call gets its place before its caller can have been told that it got none.
        if (deadline.MayHavePassed(_context.Clock.Bounds))
        {
            return AcceptResult.Expired.Instance;
        }

        // Before the first await: calls that arrive one after the other keep that order, however their commits are grouped.
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
                // Unless the key is why: a twin of this grain writes the same queue; the store is right, and this one's memory is not.
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

    /// <summary>
    /// Whether the workspace has granted this customer a later permit. A permit that a leaving silo passed on arrives late: a batch may hold the head by
    /// then, and sends it while this grain is free.
    /// </summary>
    private bool IsOvertaken(Permit permit)
    {
        if (_newestPermit is { } newest && permit.IsOlderThan(newest))
        {
            return true;
        }

        _newestPermit = permit;
        return false;
    }

    /// <summary>The head, if it may be sent under a permit of that class; otherwise why not.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="longestHold">After how long the head counts as in flight no more, though nobody has said that the attempt has ended; null for never.</param>
    private async ValueTask<(QueuedCall? Head, DeliveryOutcome.Unused? Unused)> ReadyHeadAsync(Permit permit, TimeSpan? longestHold)
    {
        var limitClass = permit.LimitClass;
        if (_unstoredEnd is not null && !await StoreEndAsync())
        {
            return (null, OutboxUnavailable(limitClass));
        }

        _queue.OnPermit(_context.Outbox.IsShared ? permit.LastActivation : _queue.Activation);

        do
        {
            await (_discarding?.Task ?? Task.CompletedTask);
            if (!await EnsureHeadAsync())
            {
                return (null, OutboxUnavailable(limitClass));
            }
        }
        while (_discarding is not null);

        if (!_queue.TryPeek(out var head))
        {
            return (null, Unused(UnusedReason.NothingToSend, ReportEmpty()));
        }

        // No await since nobody was discarding: from here on the head is in flight.
        Hold(head, longestHold);

        if (head.Call.LimitClass != limitClass)
        {
            return (null, Unused(UnusedReason.ClassChanged, head.State));
        }

        return head.Call.Kind switch
        {
            CallKind.MergeBarrier => (null, await WaitAtBarrierAsync(head)),
            CallKind.Merge when await IsSecondaryBehindAsync(head) => (null, Unused(UnusedReason.WaitsForMerge, head.State)),
            _ => (head, null),
        };
    }

    private async ValueTask<AttemptResult> AttemptAsync(QueuedCall head, Permit permit)
    {
        _isSending = true;
        try
        {
            return await _context.Client.SendAsync(_context.Settings, head.Call, permit, CancellationToken.None);
        }
        finally
        {
            _isSending = false;
        }
    }

    private async ValueTask<DeliveryOutcome> SendAsync(QueuedCall head, Permit permit) =>
        await AttemptAsync(head, permit) switch
        {
            AttemptResult.Response response => await OnResponseAsync(head, response, OutcomeTable.Judge(response.Status, response.BodyNamesErrors)),
            AttemptResult.NoResponse failure => Failed(head, failure.Kind, failure.Reason, failure.EndedAt),
            AttemptResult.Unsendable unsendable => await EndUnsendableAsync(head, unsendable.Reason),
            _ => Unused(UnusedReason.PermitExpired, head.State),
        };

    /// <summary>It says nothing about Customer.io: to the workspace its permit was not used.</summary>
    private async ValueTask<DeliveryOutcome.Unused> EndUnsendableAsync(QueuedCall head, string reason)
    {
        await EndHeadAsync(head, () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts, $"cannot be sent: {reason}", _context.Time.GetUtcNow()));
        OnDeadLetter(head.Call);
        return Unused(UnusedReason.Unsendable, await NextHeadAsync(head.Call));
    }

    private async ValueTask<DeliveryOutcome> OnResponseAsync(QueuedCall head, AttemptResult.Response response, AttemptOutcome outcome) =>
        await OnAnswerAsync(head, outcome, response.Status, response.Error, response) with
        {
            Signal = response.Signal,
            SinceResponse = _context.Time.GetElapsedTime(response.EndedAt),
            SinceSent = _context.Time.GetElapsedTime(response.SentAt),
        };

    private async ValueTask<DeliveryOutcome> OnAnswerAsync(QueuedCall head, AttemptOutcome outcome, int status, string? error, AttemptResult.Response? response = null)
    {
        var reason = error is { Length: > 0 } ? $"{status}: {error}" : $"{status}";
        switch (outcome)
        {
            case AttemptOutcome.Delivered:
                await EndHeadAsync(head, IsSend(head, response) ? () => EndAnsweredAsync(head, response!, refusal: null) : () => _context.Outbox.CompleteAsync(head.KeyIn(_address)));
                _context.Metrics.Delivered(head.Call.LimitClass, head.Call.Kind, _context.Time.GetUtcNow() - head.Call.AcceptedAt);
                CountImport(head.Call, new ImportCounts(0, 0, 0, Delivered: 1, 0));
                return new DeliveryOutcome.Delivered(await NextHeadAsync(head.Call));

            case AttemptOutcome.Rejected:
                await EndHeadAsync(head, IsSend(head, response)
                    ? () => EndAnsweredAsync(head, response!, new SendRefusal(head.Attempts + 1, reason))
                    : () => _context.Outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts + 1, reason, _context.Time.GetUtcNow()));
                OnDeadLetter(head.Call);
                return new DeliveryOutcome.Rejected(status, await NextHeadAsync(head.Call));

            case AttemptOutcome.Throttled:
                return new DeliveryOutcome.Throttled();

            case AttemptOutcome.Unknown:
                await EndUnknownAsync(head, $"{status}");
                return new DeliveryOutcome.Unknown(FailureKind.ServerError, $"{status}", await NextHeadAsync(head.Call));

            case AttemptOutcome.Misconfigured:
                return new DeliveryOutcome.Misconfigured(status, reason);

            default:
                return new DeliveryOutcome.Failed(FailureKind.ServerError, head.Sequence, head.Attempts, reason);
        }
    }

    private static bool IsSend(QueuedCall head, AttemptResult.Response? response) => head.Call.Kind == CallKind.Send && response is not null;

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

    private DeliveryOutcome.Failed Failed(QueuedCall head, FailureKind kind, string reason, long endedAt) =>
        new(kind, head.Sequence, head.Attempts, reason) { SinceResponse = _context.Time.GetElapsedTime(endedAt) };

    private DeliveryOutcome.Unused OutboxUnavailable(LimitClass limitClass) =>
        Unused(UnusedReason.OutboxUnavailable, HeadState.Of(limitClass, notBefore: _context.Time.GetUtcNow() + _outboxRetry));

    /// <summary>Says who reports. Not where an end could not be stored: what a twin has delivered was not read either then.</summary>
    private T Signed<T>(T outcome)
        where T : DeliveryOutcome => outcome with { Activation = _unstoredEnd is null ? _queue.Activation : Guid.Empty };

    private static DeliveryOutcome.Unused Unused(UnusedReason why, HeadState next) => new(why, next);

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

        // A barrier's release interleaves: whoever comes back first takes the head off, the other finds it done.
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

    /// <summary>What the workspace must know of the head behind one that has just ended.</summary>
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

        // Its state as of now: while the other customer's owner is told, the head may change.
        var state = head.State;
        await AnnounceIfBarrierAsync(head.Call);
        return state;
    }

    /// <summary>What the workspace must know of this customer now. Never "empty" where a call may wait.</summary>
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

    /// <summary>The queue could not be read when the grain was activated. Accepts are refused until it was: they would overtake each other if they waited.</summary>
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
