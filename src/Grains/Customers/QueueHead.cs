using System.Diagnostics.CodeAnalysis;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// The head of one customer's queue: brings it into memory, says what it is, and ends it. It is what the classes around the grain share, and holds their
/// state. Used in the turns of one grain, whose calls interleave: what was read before an await may have changed after it.
/// </summary>
/// <remarks>A silo holds a hundred thousand of them, most of which only accept calls. So the parts are made when they are needed first.</remarks>
internal sealed class QueueHead(CustomerContext context, CustomerAddress address, CallQueue queue, ICustomerActivation activation)
{
    /// <summary>When a head is tried again that could not be read or whose end could not be stored.</summary>
    public static readonly TimeSpan OutboxRetry = TimeSpan.FromSeconds(1);

    /// <summary>Longer than every back-off.</summary>
    private static readonly TimeSpan _longestHold = TimeSpan.FromHours(1);

    private readonly string? _sharedKey = context.Sharing.SharedKeyOf(address);
    private HeadEnd? _end;
    private bool _holds;
    private HeadHold? _hold;
    private AcceptedMarks? _marks;
    private EndWaiters? _waiters;
    private Task? _lateLoad;

    public CustomerContext Context => context;

    public CustomerAddress Address => address;

    public CallQueue Queue => queue;

    /// <summary>Which attempt holds the head.</summary>
    public HeadHold Hold => _hold ??= new HeadHold(context.Time);

    /// <summary>Whether the request of the head is on its way.</summary>
    public bool IsSending => _hold is { IsSending: true };

    /// <summary>The right to discard rows of the queue.</summary>
    public DiscardTurn Discards => field ??= new DiscardTurn();

    /// <summary>The merges that wait for each other's queues.</summary>
    public MergeBarriers Merges => field ??= new MergeBarriers(this);

    /// <summary>Finds the repeats among the calls that have keys.</summary>
    public RepeatFilter Repeats => field ??= new RepeatFilter(queue, context.Settings.Deduplication.SdkRetryWindow, context.Time);

    /// <summary>The callers that wait until the calls before theirs have ended.</summary>
    public AcceptedMarks Marks => _marks ??= new AcceptedMarks();

    /// <summary>The callers that wait for the end of one call.</summary>
    public EndWaiters Waiters => _waiters ??= new EndWaiters();

    /// <summary>Whether the head has ended and its end is not stored. Then neither it nor a call behind it may be sent.</summary>
    public bool IsEndUnstored => _end is { IsUnstored: true };

    /// <summary>The sequence of the head that is being sent, or has ended and whose end is not stored; null if there is none.</summary>
    public long? InFlight => IsEndUnstored && queue.TryPeek(out var ended) ? ended.Sequence : _hold?.Sequence;

    /// <summary>
    /// The queue that the next call joins, if this customer shares one (a visitor or a delivery); otherwise null. Calls that an earlier version has stored in a
    /// queue of the customer's own are delivered from there. While one of them waits, new calls join them, so none is overtaken.
    /// </summary>
    public ICustomerGrain? SharedQueue => _sharedKey is not null && queue is { IsKnown: true, IsEmpty: true, IsWriting: false } ? context.Customer(_sharedKey) : null;

    /// <summary>Whether a call of this queue that becomes a dead letter holds the queue.</summary>
    public bool Holds(Call call) => HoldRule.Holds(context.Settings.OnDeadLetter, address.Customer, call.Kind);

    /// <summary>The row that the dead letter that holds this queue was.</summary>
    public RowKey KeyOf(HeldCall held) => new(address, held.Sequence, held.Id);

    /// <summary>Whether a call may be a repeat: it has keys, and the settings do not switch the search for repeats off.</summary>
    public bool MayRepeat(Call call) => call.Notes.HasKeys && context.Settings.Deduplication.Enabled;

    /// <summary>Lets the grain go once it has nothing to do.</summary>
    public void Leave() => activation.Leave();

    public bool TryPeek([NotNullWhen(true)] out QueuedCall? head) => queue.TryPeek(out head);

    /// <summary>Brings the head into memory if it is not there. False if the outbox cannot be read.</summary>
    public async ValueTask<bool> EnsureAsync()
    {
        while (queue.NeedsLoad)
        {
            if (!await TryLoadAsync(CancellationToken.None))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For changes of the head outside of an attempt: returns while no discard runs, with the head in memory if it can be read.</summary>
    public async ValueTask EnsureUndisturbedAsync()
    {
        do
        {
            await Discards.Ended;
            await EnsureAsync();
        }
        while (Discards.IsTaken);
    }

    /// <summary>Reads the next part of the queue. False if the outbox cannot be read.</summary>
    public async ValueTask<bool> TryLoadAsync(CancellationToken cancellation)
    {
        var load = queue.OnLoadStarted();
        try
        {
            var loaded = await context.Outbox.ReadQueueAsync(address, load.After, CallQueue.WindowCalls, CallQueue.WindowBytes, cancellation);
            queue.OnLoaded(loaded, load);
            foreach (var row in loaded.Rows)
            {
                if (MayRepeat(row.Call))
                {
                    Repeats.Remember(row.Call);
                }
            }

            ReachMarksIfEmpty();
            return true;
        }
        catch (Exception exception)
        {
            context.Logger.QueueNotRead(address.Workspace, exception);
            return false;
        }
    }

    /// <summary>Reads a queue that could not be read at activation. Accepts are refused until then: if they waited, they could overtake each other.</summary>
    public void LoadLate()
    {
        if (_lateLoad is null or { IsCompleted: true })
        {
            _lateLoad = LoadLateAsync();
            _lateLoad.Ignore();
        }
    }

    /// <summary>Ends the head: it leaves the queue once its end is stored. If that fails now, the next attempt stores it.</summary>
    /// <param name="store">Stores the end. May be called several times.</param>
    /// <param name="holds">Whether the head becomes a dead letter that holds the queue.</param>
    public async ValueTask EndAsync(Func<ValueTask<WriteResult>> store, bool holds = false)
    {
        (_end ??= new HeadEnd()).Decide(store);
        _holds = holds;
        await TryStoreEndAsync();
    }

    /// <summary>Stores the end of the head if there is one that is not stored. False if it still is not.</summary>
    public async ValueTask<bool> TryStoreEndAsync()
    {
        if (_end is not { IsUnstored: true } end)
        {
            return true;
        }

        if (await end.StoreAsync(LeaveQueueAsync) is not { } unavailable)
        {
            return true;
        }

        context.Logger.EndNotStored(address.Workspace, unavailable.Reason);
        return false;
    }

    /// <summary>The state of the head behind a call that has just ended, for the workspace.</summary>
    public async ValueTask<HeadState> NextAsync(Call ended)
    {
        if (IsEndUnstored || !await EnsureAsync())
        {
            return HeadState.Of(ended.LimitClass, ended.Priority, notBefore: RetryAt);
        }

        if (queue.Held is not null)
        {
            return HeldState;
        }

        if (!queue.TryPeek(out var head))
        {
            return ReportEmpty();
        }

        // Read before the await: the head may change during it.
        var state = head.State;
        await AnnounceIfBarrierAsync(head.Call);
        return state;
    }

    /// <summary>The state of the head now, for the workspace. Never "empty" if a call may wait.</summary>
    public async ValueTask<HeadState> CurrentAsync() =>
        !await EnsureAsync() ? HeadState.Of(default, notBefore: RetryAt)
        : queue.Held is not null ? HeldState
        : queue.TryPeek(out var head) ? head.State
        : ReportEmpty();

    /// <summary>
    /// The state of a queue that a dead letter holds, for the workspace. An owner of an earlier version, which does not know of holds, asks again after its
    /// longest back-off.
    /// </summary>
    public HeadState HeldState => queue.TryPeek(out var head)
        ? head.State with { IsHeld = true, NotBefore = context.Time.GetUtcNow() + _longestHold }
        : HeadState.Empty with { IsHeld = true };

    /// <summary>The state of an empty queue, for the workspace. The next call that is stored is announced.</summary>
    public HeadState ReportEmpty()
    {
        queue.OnReportedEmpty();
        return HeadState.Empty;
    }

    /// <summary>When something is tried again that the outbox refuses now (UTC).</summary>
    public DateTimeOffset RetryAt => context.Time.GetUtcNow() + OutboxRetry;

    /// <summary>Tells the workspace of the first call of a queue that it does not know.</summary>
    public async ValueTask AnnounceAsync(Call head)
    {
        if (queue.Held is not null)
        {
            // The end of the hold is announced.
            return;
        }

        await context.Owner.HasWork(address.Customer, HeadState.Of(head.LimitClass, head.Priority, bytes: head.Body.Length));
        await AnnounceIfBarrierAsync(head);
    }

    /// <summary>
    /// Tells the workspace what the head is now, although no attempt has ended. Reading the queue completes the callers that waited for calls that are gone.
    /// </summary>
    public async Task AnnounceHeadAsync()
    {
        await Discards.WaitAsync();
        if (InFlight is null && await EnsureAsync())
        {
            await context.Owner.HeadChanged(address.Customer, await CurrentAsync());
            if (queue.Held is null && queue.TryPeek(out var head))
            {
                await AnnounceIfBarrierAsync(head.Call);
            }
        }
    }

    /// <summary>If the head is a merge's barrier, tells the workspace to look at the merge: it may be sent now.</summary>
    public async ValueTask AnnounceIfBarrierAsync(Call head)
    {
        if (head is { Kind: CallKind.MergeBarrier, OtherCustomer: { } primary })
        {
            await context.Owner.HasWork(primary, HeadState.Of(head.LimitClass, head.Priority));
        }
    }

    /// <summary>Reaches all marks if no call waits.</summary>
    public void ReachMarksIfEmpty()
    {
        if (queue.IsEmpty)
        {
            _marks?.OnEmpty();
        }
    }

    /// <summary>Wakes the callers that wait for the end of a call.</summary>
    public void ReportEnd(Call ended) => _waiters?.OnEnded(ended.Id);

    private async ValueTask LeaveQueueAsync()
    {
        var ended = queue.Dequeue();
        _marks?.OnEnded(ended.Sequence);
        if (_holds)
        {
            // Whether the queue is held is read, because a twin may have ended the row in another way. The other person of a merge waits as this queue does.
            queue.OnHoldChanged();
            ReportEnd(ended.Call);
            return;
        }

        if (context.Outbox.IsShared && context.Settings.OnDeadLetter == DeadLetterPolicy.Hold && queue.MayBeHeldAt(ended.Sequence))
        {
            queue.ReadAgain();
        }

        ReachMarksIfEmpty();
        ReportEnd(ended.Call);
        if (ended.Call is { Kind: CallKind.Merge, OtherCustomer: { } secondary } merge)
        {
            await context.Customer(secondary).ReleaseBarrier(merge.Id);
        }
    }

    private async Task LoadLateAsync()
    {
        if (await TryLoadAsync(CancellationToken.None) && queue.Held is null && queue.TryPeek(out var head))
        {
            await context.Owner.HasWork(address.Customer, head.State);
        }
    }
}
