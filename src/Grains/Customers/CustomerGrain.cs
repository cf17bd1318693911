using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery;
using CioOrleans.Diagnostics;
using CioOrleans.Outbox;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Customers;

/// <inheritdoc cref="ICustomerGrain"/>
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class CustomerGrain : Grain, ICustomerGrain
{
    /// <summary>A barrier whose merge is not there is an orphan of a crash, once its accept cannot be under way any more.</summary>
    private static readonly TimeSpan _orphanAge = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _outboxRetry = TimeSpan.FromSeconds(1);

    private readonly IOutbox _outbox;
    private readonly IDeadLetterStore _deadLetters;
    private readonly CustomerIoClient _client;
    private readonly WorkspaceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<CustomerGrain> _logger;
    private readonly CustomerAddress _address;
    private readonly WorkspaceSettings _settings;
    private readonly CallQueue _queue;
    private readonly IWorkspaceGrain _workspace;

    // Set while the head has ended at Customer.io and its end is not stored yet. It must not be sent again, and nothing behind
    // it may go: a crash then repeats the last call at most, never an earlier one.
    private Func<ValueTask<WriteResult>>? _unstoredEnd;
    private bool _isSending;

    public CustomerGrain(
        IOutbox outbox,
        IDeadLetterStore deadLetters,
        CustomerIoClient client,
        PayloadBudget budget,
        WorkspaceCatalog workspaces,
        DispatcherMetrics metrics,
        TimeProvider time,
        ILogger<CustomerGrain> logger)
    {
        _outbox = outbox;
        _deadLetters = deadLetters;
        _client = client;
        _time = time;
        _logger = logger;
        _address = CustomerAddress.FromGrainKey(this.GetPrimaryKeyString());
        _metrics = metrics.Of(_address.Workspace);
        _settings = workspaces.Get(_address.Workspace);
        _queue = new CallQueue(budget);
        _workspace = GrainFactory.GetGrain<IWorkspaceGrain>(_address.Workspace);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _queue.Release();
        return Task.CompletedTask;
    }

    public ValueTask<AcceptResult> Accept(Call call) => AppendAsync(call, replaces: null);

    public ValueTask<AcceptResult> AcceptBarrier(Call barrier) => AppendAsync(barrier, replaces: null);

    public async ValueTask<bool> Replay(Ulid deadLetterId) =>
        await _deadLetters.FindDeadLetterAsync(_address.Workspace, deadLetterId) is { } letter &&
        letter.Customer == _address.Customer &&
        await AppendAsync(letter.Call, deadLetterId) is AcceptResult.Accepted;

    public async ValueTask<DeliveryOutcome> DeliverNext(Permit permit)
    {
        if (_unstoredEnd is not null && !await StoreEndAsync())
        {
            return Unused(UnusedReason.OutboxUnavailable, RetrySoon(permit));
        }

        if (!await EnsureHeadAsync())
        {
            return Unused(UnusedReason.OutboxUnavailable, RetrySoon(permit));
        }

        if (!_queue.TryPeek(out var head))
        {
            return Unused(UnusedReason.NothingToSend, HeadState.Empty);
        }

        if (head.Call.LimitClass != permit.LimitClass)
        {
            return Unused(UnusedReason.ClassChanged, head.State);
        }

        return head.Call.Kind switch
        {
            CallKind.MergeBarrier => await WaitAtBarrierAsync(head),
            CallKind.Merge => await SendMergeAsync(head, permit),
            _ => await SendAsync(head, permit),
        };
    }

    public async ValueTask<HeadState> Postpone(long sequence, int attempts, DateTimeOffset notBefore, string reason)
    {
        if (!_queue.TryPeek(out var head) || head.Sequence != sequence)
        {
            return CurrentHead();
        }

        head.Attempts = attempts;
        head.NotBefore = notBefore;
        head.LastError = reason;

        // An attempt that could not be stored is forgotten in a crash: the call gets one more than it should, and is not lost.
        if (await _outbox.PostponeAsync(head.KeyIn(_address), attempts, notBefore, reason) is WriteResult.Unavailable unavailable)
        {
            LogAttemptNotStored(_logger, _address.Workspace, unavailable.Reason);
        }

        return head.State;
    }

    public async ValueTask<HeadState> GiveUp(long sequence, int attempts, string reason)
    {
        if (!_queue.TryPeek(out var head) || head.Sequence != sequence)
        {
            return CurrentHead();
        }

        await EndHeadAsync(head, () => _outbox.DeadLetterAsync(head.KeyIn(_address), attempts, reason, _time.GetUtcNow()));
        _metrics.DeadLettered(head.Call.LimitClass, head.Call.Kind);
        return await NextHeadAsync(head.Call);
    }

    public ValueTask<CustomerStatus> GetStatus()
    {
        var status = _queue.TryPeek(out var head)
            ? new CustomerStatus(_queue.Waiting, head.Call.Id, head.State, head.LastError, head.Call.AcceptedAt, _isSending)
            : new CustomerStatus(_queue.Waiting, null, HeadState.Empty, null, null, _isSending);
        return ValueTask.FromResult(status);
    }

    private async ValueTask<AcceptResult> AppendAsync(Call call, Ulid? replaces)
    {
        // Before the first await: calls that arrive one after the other keep that order, however their commits are grouped.
        var sequence = _queue.Reserve();
        switch (await _outbox.AppendAsync(_address, sequence, call, replaces))
        {
            case AppendResult.Appended:
                _metrics.Accepted(call.LimitClass, call.Kind);
                if (_queue.OnStored(sequence, call))
                {
                    await AnnounceHeadAsync(call);
                }

                return AcceptResult.Accepted.Instance;

            case AppendResult.Unavailable unavailable:
                return new AcceptResult.Unavailable(unavailable.Reason, _outboxRetry);

            default:
                // A twin of this grain writes the same queue; the store is right, and this one's memory is not.
                DeactivateOnIdle();
                return new AcceptResult.Unavailable("The customer's queue has just moved. Try again.", _outboxRetry);
        }
    }

    private async ValueTask AnnounceHeadAsync(Call head)
    {
        await _workspace.HasWork(_address.Customer, HeadState.Of(head.LimitClass, head.Priority));
        await AnnounceIfBarrierAsync(head);
    }

    private async ValueTask<DeliveryOutcome> SendAsync(QueuedCall head, Permit permit)
    {
        _isSending = true;
        AttemptResult result;
        try
        {
            result = await _client.SendAsync(_settings, head.Call, permit, CancellationToken.None);
        }
        finally
        {
            _isSending = false;
        }

        return result switch
        {
            AttemptResult.Response response => await OnResponseAsync(head, response),
            AttemptResult.NoResponse failure => Failed(head, failure.Kind, failure.Reason, failure.EndedAt),
            _ => Unused(UnusedReason.PermitExpired, head.State),
        };
    }

    private async ValueTask<DeliveryOutcome> OnResponseAsync(QueuedCall head, AttemptResult.Response response)
    {
        var reason = response.Error is { Length: > 0 } error ? $"{response.Status}: {error}" : $"{response.Status}";
        DeliveryOutcome outcome;
        switch (OutcomeTable.Judge(response.Status, response.BodyNamesErrors))
        {
            case Verdict.Delivered:
                await EndHeadAsync(head, () => _outbox.CompleteAsync(head.KeyIn(_address)));
                _metrics.Delivered(head.Call.LimitClass, head.Call.Kind, _time.GetUtcNow() - head.Call.AcceptedAt);
                outcome = new DeliveryOutcome.Delivered(await NextHeadAsync(head.Call));
                break;

            case Verdict.Rejected:
                await EndHeadAsync(head, () => _outbox.DeadLetterAsync(head.KeyIn(_address), head.Attempts + 1, reason, _time.GetUtcNow()));
                _metrics.DeadLettered(head.Call.LimitClass, head.Call.Kind);
                outcome = new DeliveryOutcome.Rejected(response.Status, await NextHeadAsync(head.Call));
                break;

            case Verdict.Throttled:
                outcome = new DeliveryOutcome.Throttled();
                break;

            case Verdict.Misconfigured:
                outcome = new DeliveryOutcome.Misconfigured(response.Status, reason);
                break;

            default:
                outcome = new DeliveryOutcome.Failed(FailureKind.ServerError, head.Sequence, head.Attempts, reason);
                break;
        }

        return outcome with { Signal = response.Signal, SinceResponse = _time.GetElapsedTime(response.EndedAt), SinceSent = _time.GetElapsedTime(response.SentAt) };
    }

    private DeliveryOutcome.Failed Failed(QueuedCall head, FailureKind kind, string reason, long endedAt) =>
        new(kind, head.Sequence, head.Attempts, reason) { SinceResponse = _time.GetElapsedTime(endedAt) };

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
            LogEndNotStored(_logger, _address.Workspace, unavailable.Reason);
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
            return HeadState.Of(ended.LimitClass, ended.Priority, notBefore: _time.GetUtcNow() + _outboxRetry);
        }

        if (_queue.TryPeek(out var head))
        {
            await AnnounceIfBarrierAsync(head.Call);
        }

        return CurrentHead();
    }

    private HeadState CurrentHead() => _queue.TryPeek(out var head) ? head.State : HeadState.Empty;

    private HeadState RetrySoon(Permit permit) => HeadState.Of(permit.LimitClass, notBefore: _time.GetUtcNow() + _outboxRetry);

    private async ValueTask<bool> EnsureHeadAsync()
    {
        try
        {
            while (_queue.NeedsLoad)
            {
                await LoadAsync(CancellationToken.None);
            }

            return true;
        }
        catch (Exception exception)
        {
            LogNotReadable(_logger, _address.Workspace, exception);
            return false;
        }
    }

    private async ValueTask LoadAsync(CancellationToken cancellation)
    {
        _queue.OnLoadStarted();
        try
        {
            _queue.OnLoaded(await _outbox.ReadQueueAsync(_address, _queue.WindowEnd, CallQueue.WindowCalls, CallQueue.WindowBytes, cancellation));
        }
        catch
        {
            _queue.OnLoadFailed();
            throw;
        }
    }

    private ICustomerGrain Customer(string customer) =>
        GrainFactory.GetGrain<ICustomerGrain>((_address with { Customer = customer }).ToGrainKey());
}
