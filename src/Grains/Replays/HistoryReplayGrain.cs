using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Imports;
using CioOrleans.Leasing;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Replays;

/// <inheritdoc cref="IHistoryReplayGrain"/>
/// <remarks>
/// Goes through the span slice by slice, and stores after each how far it is. A slice that was not finished is repeated: then each of its calls is looked up
/// before it is accepted again. Its calls are those of an import with the replay's id, which counts what is delivered.
/// </remarks>
internal sealed partial class HistoryReplayGrain : Grain, IHistoryReplayGrain, IDisposable
{
    /// <summary>The source of the counts of the import.</summary>
    private const string Source = "replay";

    private const int PageRows = 500;
    private const int CustomersAtOnce = 16;
    private const long MostAhead = 20_000;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _countFor = TimeSpan.FromSeconds(10);

    private readonly IHistoryStore _history;
    private readonly IDeadLetterStore _deadLetters;
    private readonly IWorkspaceStateStore _store;
    private readonly GrainKeys _keys;
    private readonly ILeaseClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryReplayGrain> _logger;
    private readonly CancellationTokenSource _stop = new();
    private ReplayRecord? _record;
    private string? _problem;
    private Task? _running;

    public HistoryReplayGrain(
        IHistoryStore history, IDeadLetterStore deadLetters, IWorkspaceStateStore store, GrainKeys keys, ILeaseClock clock, TimeProvider time, ILogger<HistoryReplayGrain> logger)
    {
        _history = history;
        _deadLetters = deadLetters;
        _store = store;
        _keys = keys;
        _clock = clock;
        _time = time;
        _logger = logger;
    }

    private string Workspace => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await _store.ReadReplayAsync(Workspace, cancellationToken) is { } json)
        {
            _record = ReplayRecord.FromJson(json);
        }

        GoOn();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_running is { } running)
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public void Dispose() => _stop.Dispose();

    public async ValueTask<HistoryReplayCount> Count(HistoryReplaySelection selection, DateTimeOffset? from)
    {
        var (began, slices, counts) = (_time.GetTimestamp(), new ReplaySlices(), default(HistoryReplayCounts));
        var at = from ?? selection.From;
        while (at < selection.To)
        {
            if (_time.GetElapsedTime(began) > _countFor)
            {
                return new HistoryReplayCount(counts, at);
            }

            var (rows, end) = await ReadSliceAsync(selection, slices, at);
            foreach (var row in rows)
            {
                var (step, _) = ReplayRule.Decide(row, await LifeOfAsync(row), selection, default);
                counts += CountOf(step);
            }

            at = end;
        }

        return new HistoryReplayCount(counts, null);
    }

    public async ValueTask<HistoryReplayStatus> Start(Ulid id, HistoryReplaySelection selection)
    {
        if (_record is null || (!_record.IsOpen && _record.Id != id.ToString()))
        {
            var before = _record;
            _record = ReplayRecord.Start(id, selection, _time.GetUtcNow());
            if (await StoreAsync() is { } problem)
            {
                _record = before;
                throw new IOException(problem);
            }

            GoOn();
        }

        return _record.ToStatus(_problem);
    }

    public async ValueTask<HistoryReplayStatus?> Change(HistoryReplayState wanted)
    {
        if (_record is not { IsOpen: true } record)
        {
            return _record?.ToStatus(_problem);
        }

        _record = record.With(wanted);
        if (await StoreAsync() is { } problem)
        {
            throw new IOException(problem);
        }

        GoOn();
        return _record.ToStatus(_problem);
    }

    public ValueTask<HistoryReplayStatus?> GetStatus() => ValueTask.FromResult(_record?.ToStatus(_problem));

    public ValueTask EnsureRunning()
    {
        GoOn();
        return ValueTask.CompletedTask;
    }

    private void GoOn()
    {
        if (_record is { State: HistoryReplayState.Running } && _running is null or { IsCompleted: true } && !_stop.IsCancellationRequested)
        {
            _running = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        // A slice of an earlier activation may have been accepted in part.
        var (slices, isRepeated) = (new ReplaySlices(), true);
        while (_record is { State: HistoryReplayState.Running } record && !_stop.IsCancellationRequested)
        {
            DelayDeactivation(TimeSpan.FromMinutes(5));
            try
            {
                await WaitForRoomAsync(record);
                var (rows, end) = await ReadSliceAsync(record.Selection, slices, record.Reached);
                var counts = await ReplayAsync(rows, record, isRepeated);
                _record = _record.After(end, counts);
                _problem = await StoreAsync();
                isRepeated = _problem is not null;
                if (isRepeated)
                {
                    // Not stored: a restart repeats the slice. This activation goes on behind it.
                    await Task.Delay(_rest, _time, _stop.Token);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogNotReplayed(_logger, Workspace, exception);
                _problem = exception is ReplayRefusedException ? exception.Message : "A part of the span could not be replayed, and is tried again.";
                isRepeated = true;

                // An accept whose outcome is unknown cannot happen any more after its deadline. Then the repeat finds it.
                await Task.Delay(AcceptDeadline.Length + _rest, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    /// <summary>For each call of the slice that begins at a time its first row, the oldest first, and the end of the slice.</summary>
    private async ValueTask<(IReadOnlyList<HistoryRow> Rows, DateTimeOffset End)> ReadSliceAsync(HistoryReplaySelection selection, ReplaySlices slices, DateTimeOffset from)
    {
        while (true)
        {
            var end = slices.EndOf(from, selection.To);
            List<HistoryRow> rows = [];
            long? before = null;
            do
            {
                var page = await _history.SearchHistoryAsync(Workspace, selection.FilterOf(from, end), before, PageRows, _stop.Token);
                rows.AddRange(page.Rows);
                before = page.Next;
            }
            while (before is not null && (rows.Count <= ReplaySlices.MostRows || !slices.TryShorten()));

            if (before is null)
            {
                slices.OnRead(rows.Count);
                return (ReplayRule.FirstOfEachCall(rows), end);
            }
        }
    }

    private async Task<HistoryReplayCounts> ReplayAsync(IReadOnlyList<HistoryRow> rows, ReplayRecord record, bool isRepeated)
    {
        var id = Ulid.Parse(record.Id);
        var counts = default(HistoryReplayCounts);
        foreach (var customers in rows.GroupBy(row => row.Customer ?? "", StringComparer.Ordinal).Chunk(CustomersAtOnce))
        {
            foreach (var part in await Task.WhenAll(customers.Select(customer => ReplayInOrderAsync([.. customer], record.Selection, id, isRepeated))))
            {
                counts += part;
            }
        }

        await ReportAsync(record, counts);
        return counts;
    }

    /// <summary>Replays calls of one customer, one after the other.</summary>
    private async Task<HistoryReplayCounts> ReplayInOrderAsync(IReadOnlyList<HistoryRow> rows, HistoryReplaySelection selection, Ulid id, bool isRepeated)
    {
        var counts = default(HistoryReplayCounts);
        foreach (var row in rows)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var (step, call) = ReplayRule.Decide(row, await LifeOfAsync(row), selection, id);
            if (step == ReplayStep.Accept && !(isRepeated && await IsAcceptedAsync(row.Customer!, call!)) && !await TryAcceptAsync(row.Customer!, call!))
            {
                counts += new HistoryReplayCounts(1, 0, 0, 0, 0, Refused: 1);
                continue;
            }

            counts += CountOf(step);
        }

        return counts;
    }

    /// <summary>Whether a call waits, or is a dead letter. It has no row of its end then.</summary>
    private async ValueTask<bool> IsAcceptedAsync(string customer, Call call) =>
        await Customer(customer).FindCall(call.Id) is not null || await _deadLetters.FindDeadLetterAsync(Workspace, call.Id, _stop.Token) is not null;

    /// <summary>Accepts a call again. False if this version does not accept it.</summary>
    private async ValueTask<bool> TryAcceptAsync(string customer, Call call)
    {
        var deadline = AcceptDeadline.After(await _clock.ReadAsync(), AcceptDeadline.Length);
        AcceptResult result;
        try
        {
            result = call.Kind == CallKind.Merge
                ? await GrainFactory.GetGrain<IMergeGrain>(Workspace).Accept(customer, call, deadline)
                : await Customer(customer).Accept(call, deadline);
        }
        catch (ArgumentException)
        {
            return false;
        }

        return result is AcceptResult.NotAccepted refused ? throw new ReplayRefusedException(refused.Reason) : true;
    }

    /// <summary>All rows of a call.</summary>
    private async ValueTask<List<HistoryRow>> LifeOfAsync(HistoryRow row)
    {
        List<HistoryRow> life = [];
        if (row.CallId is not { } call)
        {
            return life;
        }

        long? before = null;
        do
        {
            var page = await _history.SearchHistoryAsync(Workspace, new HistoryFilter { CallId = call, WithBodies = true }, before, PageRows, _stop.Token);
            life.AddRange(page.Rows);
            before = page.Next;
        }
        while (before is not null);
        return life;
    }

    /// <summary>Waits while too many calls of the replay wait. While nothing is delivered (a pause, an outage) the replay waits too.</summary>
    private async Task WaitForRoomAsync(ReplayRecord record)
    {
        while (await ReportAsync(record, default) is { Waiting: > MostAhead } && _record is { State: HistoryReplayState.Running })
        {
            await Task.Delay(_pause, _time, _stop.Token);
        }
    }

    private async ValueTask<ImportStatus?> ReportAsync(ReplayRecord record, HistoryReplayCounts slice)
    {
        var counts = record.Counts + slice;
        try
        {
            return await GrainFactory.GetImport(_keys, new ImportAddress(Workspace, Ulid.Parse(record.Id)))
                .Report(Source, new ImportCounts(counts.Replayable, 0, counts.Replayable, 0, 0), rows: null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // If the progress cannot be read, the replay goes on.
            return null;
        }
    }

    private async ValueTask<string?> StoreAsync() =>
        await _store.WriteReplayAsync(Workspace, _record!.ToJson()) is WriteResult.Unavailable unavailable ? unavailable.Reason : null;

    private ICustomerGrain Customer(string customer) => GrainFactory.GetCustomer(_keys, new CustomerAddress(Workspace, customer));

    private static HistoryReplayCounts CountOf(ReplayStep step) => step switch
    {
        ReplayStep.Accept or ReplayStep.AlreadyAccepted => new HistoryReplayCounts(1, 1, 0, 0, 0, 0),
        ReplayStep.WithoutBody => new HistoryReplayCounts(1, 0, 1, 0, 0, 0),
        ReplayStep.Send => new HistoryReplayCounts(1, 0, 0, 1, 0, 0),
        ReplayStep.NotDelivered => new HistoryReplayCounts(1, 0, 0, 0, 1, 0),
        _ => default,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Workspace {Workspace}: a part of the history could not be replayed, and is tried again.")]
    private static partial void LogNotReplayed(ILogger logger, string workspace, Exception exception);

    /// <summary>A call was not accepted now.</summary>
    private sealed class ReplayRefusedException(string reason) : Exception(reason);
}
