using System.Collections.Concurrent;
using System.Text;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.History;

/// <summary>How the history of a silo is kept.</summary>
public sealed record HistorySettings
{
    /// <summary>Which attempts are kept (default: all).</summary>
    public KeptAttempts Attempts { get; init; } = KeptAttempts.All;

    /// <summary>Of which recorded requests what was sent and answered is kept (default: none).</summary>
    public KeptBodies Bodies { get; init; } = KeptBodies.None;

    /// <summary>How long rows are kept, 1 h to 8,760 h (default: 7 days).</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The maximum size of the history in bytes, 10 MB or more; the oldest rows go first (default: 5 GB).</summary>
    public long MaxSize { get; init; } = 5L << 30;

    /// <summary>The name of the silo in the rows.</summary>
    public string Silo { get; init; } = "";
}

/// <summary>Makes the rows of the history, and stores those that belong to no change of a call. Used by all grains of a silo.</summary>
public sealed partial class HistoryRecorder(IHistoryStore store, HistoryClock clock, HistorySettings settings, ILogger<HistoryRecorder> logger)
{
    private const int MaxReason = 300;

    /// <summary>The maximum number of rows that wait for the store.</summary>
    private const int MaxLate = 10_000;

    private const int FlushedAtOnce = 1_000;

    private readonly ConcurrentQueue<HistoryRow> _late = new();

    // Rows for which there was no room among those that wait, by workspace.
    private readonly ConcurrentDictionary<string, (long From, long Count)> _lost = new(StringComparer.Ordinal);

    /// <summary>Whether every request and every end is recorded.</summary>
    public bool KeepsAll => settings.Attempts == KeptAttempts.All;

    /// <summary>Whether an owner of this silo needs no row of its own for a permit. The row of another silo may be missing: its settings may differ, or its version.</summary>
    /// <param name="isRecorded">See <see cref="DeliveryOutcome.IsRecorded"/>.</param>
    /// <param name="isKept">See <see cref="DeliveryOutcome.IsKept"/>.</param>
    public bool IsTold(bool isRecorded, bool isKept) => KeepsAll ? isKept : isRecorded;

    /// <summary>The time now.</summary>
    public HistoryTime Now => clock.Now;

    /// <summary>When a request was under way that has ended.</summary>
    public AttemptTrace Trace(Permit permit, AttemptResult result)
    {
        var ended = clock.At(result.EndedAt);
        var sent = result.WrittenAt == 0 ? (HistoryTime?)null : clock.At(result.WrittenAt);
        var precision = Math.Max(ended.Latest - ended.Earliest, sent is { } at ? at.Latest - at.Earliest : 0);
        if (sent is { } begun && ended.Latest - begun.Latest - Microseconds(RequestEnd.Longest(permit.AttemptTimeout)) is > 0 and var asleep)
        {
            // The process was frozen: its kernel had ended the request in time, and it saw the end late. So the end is known less exactly.
            precision += asleep;
        }

        return new AttemptTrace(permit.Epoch, permit.Number, sent?.Earliest, ended.Latest, precision);
    }

    /// <summary>As <see cref="Trace"/>, for a batch: its calls have one permit, by which their rows are recognised. An owner of an earlier version gives permits no number.</summary>
    public AttemptTrace TraceOfBatch(Permit permit, AttemptResult result) =>
        Trace(permit, result) is var trace && trace is { Permit: 0, Sent: { } sent } ? trace with { Permit = -sent } : trace;

    /// <summary>The row of an attempt; null if it is not kept.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="sequence">The call's sequence.</param>
    /// <param name="call">The call.</param>
    /// <param name="attempts">Counted attempts before this one.</param>
    /// <param name="trace">When the request was under way; null if the sender's version did not say.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="status">Customer.io's status; 0 for none.</param>
    /// <param name="reason">Why it failed.</param>
    /// <param name="answer">The body of Customer.io's answer; null for none.</param>
    /// <param name="hasBody">Whether an earlier row of the call has what was sent.</param>
    public HistoryRow? OfAttempt(
        CustomerAddress customer, long sequence, Call call, int attempts, AttemptTrace? trace, HistoryResult result, int status = 0, string? reason = null, string? answer = null, bool hasBody = false)
    {
        if (!IsKept(result))
        {
            return null;
        }

        trace ??= TraceOfNow();
        return Of(customer, sequence, call, result, trace.Ended) with
        {
            Attempt = attempts + 1,
            Epoch = trace.Epoch,
            Permit = trace.Permit,
            Sent = trace.Sent,
            Precision = trace.Precision,
            Status = status,
            Reason = Shorten(reason),
            Body = settings.Bodies == KeptBodies.All || (settings.Bodies == KeptBodies.Failed && result != HistoryResult.Delivered)
                ? HistoryBody.Of(hasBody ? null : call, answer)
                : null,
        };
    }

    /// <summary>The row of an end without an attempt; null if it is not kept.</summary>
    public HistoryRow? OfEnd(CustomerAddress customer, long sequence, Call call, HistoryResult result, string? reason = null)
    {
        if (!IsKept(result))
        {
            return null;
        }

        var trace = TraceOfNow();
        return Of(customer, sequence, call, result, trace.Ended) with { Precision = trace.Precision, Reason = Shorten(reason) };
    }

    /// <summary>The row of a permit that only its owner knows of: a forwarded request, or one whose report did not come.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="permit">The permit.</param>
    /// <param name="grantedAt">When it was granted.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="status">Customer.io's status; 0 for none.</param>
    /// <param name="customer">The customer that had the permit; null for none.</param>
    /// <param name="untilEnded">In what time its request must have ended; negative if it ended so long ago (default: it ends now).</param>
    public HistoryRow? OfPermit(string workspace, Permit permit, HistoryTime grantedAt, HistoryResult result, int status = 0, string? customer = null, TimeSpan untilEnded = default)
    {
        if (settings.Attempts == KeptAttempts.Off || (settings.Attempts == KeptAttempts.Failed && result == HistoryResult.Forwarded && status is >= 200 and < 300))
        {
            return null;
        }

        var now = clock.Now;
        var ended = Math.Max(now.Latest + Microseconds(untilEnded), grantedAt.Earliest);
        return new HistoryRow
        {
            Id = HistoryId.Of(ended),
            Workspace = workspace,
            Customer = customer,
            LimitClass = permit.LimitClass,
            Epoch = permit.Epoch,
            Permit = permit.Number,
            Silo = settings.Silo,
            Sent = grantedAt.Earliest,
            Ended = ended,
            Precision = Math.Max(now.Latest - now.Earliest, grantedAt.Latest - grantedAt.Earliest),
            Result = result,
            Status = status,
        };
    }

    /// <summary>Stores a row that belongs to no change of a call; null for none. Returns once it is stored or dropped.</summary>
    /// <remarks>A row that the store does not take now waits in memory, without its body: see <see cref="FlushAsync"/>.</remarks>
    /// <returns>Whether it is stored.</returns>
    public async ValueTask<bool> RecordAsync(HistoryRow? row) => row is not null && await StoreAsync([row]);

    /// <summary>Stores the rows that wait in memory, and a note about those for which there was no room.</summary>
    public async ValueTask FlushAsync()
    {
        while (!_late.IsEmpty)
        {
            List<HistoryRow> rows = [];
            while (rows.Count < FlushedAtOnce && _late.TryDequeue(out var late))
            {
                rows.Add(late);
            }

            if (!await StoreAsync(rows))
            {
                return;
            }
        }

        foreach (var workspace in _lost.Keys)
        {
            if (_lost.TryRemove(workspace, out var lost)
                && await store.NoteAsync(workspace, new HistoryNote.RowsDropped(clock.Now.Latest, lost.From, lost.Count)) is WriteResult.Unavailable)
            {
                AddLost(workspace, lost.From, lost.Count);
            }
        }
    }

    private async ValueTask<bool> StoreAsync(List<HistoryRow> rows)
    {
        if (await store.RecordAsync(rows) is not WriteResult.Unavailable unavailable)
        {
            return true;
        }

        foreach (var row in rows)
        {
            if (_late.Count < MaxLate)
            {
                _late.Enqueue(row.Body is null ? row : row with { Body = null });
            }
            else
            {
                AddLost(row.Workspace, row.Sent ?? row.Ended, 1);
                LogNotStored(logger, row.Workspace, unavailable.Reason);
            }
        }

        return false;
    }

    private void AddLost(string workspace, long from, long count) =>
        _lost.AddOrUpdate(workspace, (from, count), (_, known) => (Math.Min(known.From, from), known.Count + count));

    /// <summary>An owner may send from now on.</summary>
    public ValueTask OnOwnerStartedAsync(WorkspaceSettings workspace, long epoch, TimeSpan longestRequest) => NoteAsync(
        workspace.Name,
        new HistoryNote.OwnerStarted(clock.Now.Earliest, epoch, settings.Attempts, workspace.TokenReturn, workspace.LimitGroups, longestRequest));

    /// <summary>An owner has stopped in good order, and nothing under its epoch is under way.</summary>
    /// <remarks>Not noted while rows wait in memory: without the note the end of the epoch is not judged.</remarks>
    public async ValueTask OnOwnerStoppedAsync(string workspace, long epoch)
    {
        await FlushAsync();
        if (_late.IsEmpty && _lost.IsEmpty)
        {
            await NoteAsync(workspace, new HistoryNote.OwnerStopped(clock.Now.Latest, epoch));
        }
    }

    private async ValueTask NoteAsync(string workspace, HistoryNote note)
    {
        if (await store.NoteAsync(workspace, note) is WriteResult.Unavailable unavailable)
        {
            LogNotStored(logger, workspace, unavailable.Reason);
        }
    }

    private bool IsKept(HistoryResult result) =>
        settings.Attempts == KeptAttempts.All || (settings.Attempts == KeptAttempts.Failed && result is not (HistoryResult.Delivered or HistoryResult.Finished));

    /// <summary>Of an end that no request of a known time has brought.</summary>
    private AttemptTrace TraceOfNow()
    {
        var now = clock.Now;
        return new AttemptTrace(0, 0, null, now.Latest, now.Latest - now.Earliest);
    }

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private HistoryRow Of(CustomerAddress customer, long sequence, Call call, HistoryResult result, long ended) => new()
    {
        Id = HistoryId.Of(ended),
        Workspace = customer.Workspace,
        Customer = customer.Customer,
        CallId = call.Id,
        Sequence = sequence,
        Kind = call.Kind,
        LimitClass = call.LimitClass,
        EventKey = EventKeyOf(call),
        Import = call.Notes.Import,
        TraceId = TraceParents.TraceIdOf(call.Notes.TraceParent),
        AcceptedAt = call.AcceptedAt.ToUnixTimeMilliseconds(),
        Silo = settings.Silo,
        Ended = ended,
        Result = result,
    };

    private static long? EventKeyOf(Call call)
    {
        foreach (var noted in call.Notes.Keys)
        {
            if (noted.Note == CallNote.Key)
            {
                return noted.Key.ToPrefix();
            }
        }

        return null;
    }

    /// <summary>The begin of a text. Half a character, which no store can hold, is replaced.</summary>
    private static string? Shorten(string? reason) =>
        reason is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reason.Length <= MaxReason ? reason : reason[..MaxReason]));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A row of the history of workspace {Workspace} was not stored: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string workspace, string reason);
}
