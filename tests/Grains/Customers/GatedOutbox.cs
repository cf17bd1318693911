using CioOrleans.Calls;
using CioOrleans.Discarding;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;

namespace CioOrleans.Customers;

/// <summary>An outbox whose appends wait, once it is told to hold them, and fail where it is told so; it may pass for one that others use too.</summary>
internal sealed class GatedOutbox(IOutbox inner) : IOutbox
{
    private TaskCompletionSource<AppendResult?>? _gate;
    private TaskCompletionSource _arrived = new();
    private int _appends;

    /// <summary>Appends that were handed in since <see cref="Hold"/>.</summary>
    public int Appends => _appends;

    /// <summary>Ends when an append waits.</summary>
    public Task Arrived => _arrived.Task;

    public void Hold()
    {
        _appends = 0;
        _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate = new TaskCompletionSource<AppendResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets the appends go on; with a result, that is what becomes of them.</summary>
    public void Release(AppendResult? result = null)
    {
        var gate = _gate!;
        _gate = null;
        gate.SetResult(result);
    }

    /// <summary>Whether reads of queues fail.</summary>
    public bool IsUnreadable { get; set; }

    public bool IsShared { get; init; } = inner.IsShared;

    public long? FreeBytes => inner.FreeBytes;

    public async ValueTask<AppendResult> AppendAsync(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, AcceptDeadline? deadline = null)
    {
        if (_gate is { } gate)
        {
            Interlocked.Increment(ref _appends);
            _arrived.TrySetResult();
            if (await gate.Task is { } result)
            {
                return result;
            }
        }

        return await inner.AppendAsync(customer, sequence, call, replaces, deadline);
    }

    public async ValueTask<AppendResult> AppendSendAsync(CustomerAddress customer, long sequence, Call call, SendKey key, AcceptDeadline? deadline = null)
    {
        if (_gate is { } gate)
        {
            Interlocked.Increment(ref _appends);
            _arrived.TrySetResult();
            if (await gate.Task is { } result)
            {
                return result;
            }
        }

        return await inner.AppendSendAsync(customer, sequence, call, key, deadline);
    }

    public ValueTask<WriteResult> BeginSendAsync(RowKey row, Guid attempt) => inner.BeginSendAsync(row, attempt);

    public ValueTask<WriteResult> EndSendAsync(RowKey row, SendResult answer, SendRefusal? refusal = null, HistoryRow? history = null) =>
        inner.EndSendAsync(row, answer, refusal, history);

    public ValueTask<WriteResult> CompleteAsync(IReadOnlyList<RowKey> rows, IReadOnlyList<HistoryRow> history) => inner.CompleteAsync(rows, history);

    public ValueTask<WriteResult> PostponeAsync(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent = null) =>
        inner.PostponeAsync(row, attempts, notBefore, error, unsent);

    public ValueTask<WriteResult> DeadLetterAsync(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown = false, HistoryRow? history = null, bool holds = false) =>
        inner.DeadLetterAsync(row, attempts, reason, diedAt, isOutcomeUnknown, history, holds);

    public ValueTask<WriteResult> ReplayHeldAsync(RowKey held, AcceptDeadline? deadline = null) => inner.ReplayHeldAsync(held, deadline);

    public ValueTask<WriteResult> ReleaseHeldAsync(RowKey held) => inner.ReleaseHeldAsync(held);

    public ValueTask<CustomerQueue> ReadQueueAsync(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes, CancellationToken cancellation = default) =>
        IsUnreadable ? ValueTask.FromException<CustomerQueue>(new IOException("The outbox is away.")) : inner.ReadQueueAsync(customer, afterSequence, maxRows, maxBytes, cancellation);

    public ValueTask<long> CountQueueAsync(CustomerAddress customer, int atMost, CancellationToken cancellation = default) =>
        inner.CountQueueAsync(customer, atMost, cancellation);

    public ValueTask<HeadPage> ReadHeadsAsync(string workspace, long? after, int limit, CancellationToken cancellation = default) =>
        inner.ReadHeadsAsync(workspace, after, limit, cancellation);

    public ValueTask<HeadPage> ReadNewWorkAsync(string workspace, long position, int limit, HashSet<long>? seen = null, CancellationToken cancellation = default) =>
        inner.ReadNewWorkAsync(workspace, position, limit, seen, cancellation);

    public ValueTask<MatchPage> FindCallsAsync(string workspace, CallFilter filter, long? after, CancellationToken cancellation = default) =>
        inner.FindCallsAsync(workspace, filter, after, cancellation);

    public ValueTask<string?> FindCustomerAsync(string workspace, Ulid callId, CancellationToken cancellation = default) =>
        inner.FindCustomerAsync(workspace, callId, cancellation);

    public ValueTask<DateTimeOffset?> ReadOldestAsync(string workspace, CancellationToken cancellation = default) => inner.ReadOldestAsync(workspace, cancellation);

    public ValueTask<long> CountImportAsync(string workspace, Ulid import, CancellationToken cancellation = default) =>
        inner.CountImportAsync(workspace, import, cancellation);

    public ValueTask<long> CountWaitingAsync(string workspace, CancellationToken cancellation = default) => inner.CountWaitingAsync(workspace, cancellation);
}
