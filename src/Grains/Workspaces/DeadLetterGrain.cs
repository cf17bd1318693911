using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Outbox;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Workspaces;

/// <inheritdoc cref="IDeadLetterGrain"/>
[StatelessWorker]
internal sealed partial class DeadLetterGrain : Grain, IDeadLetterGrain
{
    private const int MaxPage = 1000;

    private const int CausesAtOnce = 1_000;

    /// <summary>How long a call stores missing causes before it answers without the rest.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly string _workspace;
    private readonly IDeadLetterStore _store;
    private readonly GrainKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetterGrain> _logger;

    public DeadLetterGrain(WorkspaceCatalog workspaces, IDeadLetterStore store, GrainKeys keys, TimeProvider time, ILogger<DeadLetterGrain> logger)
    {
        _workspace = workspaces.Get(this.GetPrimaryKeyString()).Name;
        _store = store;
        _keys = keys;
        _time = time;
        _logger = logger;
    }

    public ValueTask<DeadLetterPage> Read(Ulid? after, int limit) => _store.ReadDeadLettersAsync(_workspace, after, Math.Clamp(limit, 1, MaxPage));

    public ValueTask<DeadLetter?> Find(Ulid id) => _store.FindDeadLetterAsync(_workspace, id);

    public async ValueTask<bool> Discard(Ulid id) => await DiscardMany([id]) == 1;

    public ValueTask<HeldCustomerPage> ReadHeld(string? after, int limit) => _store.ReadHeldAsync(_workspace, after, Math.Clamp(limit, 1, MaxPage));

    public async ValueTask<ReplayResult> Replay(Ulid id, AcceptDeadline deadline)
    {
        DeadLetter? letter;
        try
        {
            letter = await Find(id);
        }
        catch (Exception exception)
        {
            LogNotRead(_logger, _workspace, exception);
            return ReplayResult.Unavailable.NotReadable;
        }

        return letter switch
        {
            null => ReplayResult.Absent.Instance,
            // The barrier of a merge that holds its queue still waits.
            { Call.Kind: CallKind.Merge, IsHeld: false } merge => await GrainFactory.GetGrain<IMergeGrain>(_workspace).Replay(merge.Customer, merge.Call, deadline),
            _ => await Customer(letter.Customer).Replay(id, deadline),
        };
    }

    public async ValueTask<DeadLetterCauses> ReadCauses(int limit)
    {
        var most = Math.Clamp(limit, 1, MaxPage);
        var isComplete = await StoreCausesAsync();
        var causes = await _store.ReadDeadLetterCausesAsync(_workspace, most + 1);
        return new DeadLetterCauses([.. causes.Take(most)], isComplete && causes.Count <= most);
    }

    public async ValueTask<DeadLetterCount> Count(DeadLetterSelection selection)
    {
        var isComplete = !selection.NeedsCauses || await StoreCausesAsync();
        return await _store.CountDeadLettersAsync(_workspace, selection) with { IsComplete = isComplete };
    }

    public async ValueTask<SelectedDeadLetterPage> Select(DeadLetterSelection selection, Ulid? after, int limit)
    {
        if (selection.NeedsCauses)
        {
            await StoreCausesAsync();
        }

        return await _store.SelectDeadLettersAsync(_workspace, selection, after, Math.Clamp(limit, 1, MaxPage));
    }

    public async ValueTask<int> DiscardMany(IReadOnlyList<Ulid> ids)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxPage);
        var discarded = await _store.DiscardDeadLettersAsync(_workspace, ids);
        foreach (var held in discarded.Held)
        {
            // Not awaited: it is stored that the queue is not held. A customer that is not told goes on once the workspace has looked at the held customers.
            Customer(held.Customer).HoldChanged().AsTask().Ignore();
            if (held.Call is { Kind: CallKind.Merge, OtherCustomer: { } secondary })
            {
                Customer(secondary).ReleaseBarrier(held.Call.Id).AsTask().Ignore();
            }
        }

        return discarded.Count;
    }

    private ICustomerGrain Customer(string customer) => GrainFactory.GetCustomer(_keys, new CustomerAddress(_workspace, customer));

    /// <summary>Stores the causes of dead letters that an earlier version has stored without. False if some are left.</summary>
    private async ValueTask<bool> StoreCausesAsync()
    {
        var began = _time.GetTimestamp();
        while (await _store.StoreCausesAsync(_workspace, CausesAtOnce) == CausesAtOnce)
        {
            if (_time.GetElapsedTime(began) > _patience)
            {
                return false;
            }
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Workspace {Workspace}: a dead letter could not be read for its replay.")]
    private static partial void LogNotRead(ILogger logger, string workspace, Exception exception);
}
