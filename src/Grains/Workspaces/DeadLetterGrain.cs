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

    private readonly string _workspace;
    private readonly IDeadLetterStore _store;
    private readonly GrainKeys _keys;
    private readonly ILogger<DeadLetterGrain> _logger;

    public DeadLetterGrain(WorkspaceCatalog workspaces, IDeadLetterStore store, GrainKeys keys, ILogger<DeadLetterGrain> logger)
    {
        _workspace = workspaces.Get(this.GetPrimaryKeyString()).Name;
        _store = store;
        _keys = keys;
        _logger = logger;
    }

    public ValueTask<DeadLetterPage> Read(Ulid? after, int limit) => _store.ReadDeadLettersAsync(_workspace, after, Math.Clamp(limit, 1, MaxPage));

    public ValueTask<DeadLetter?> Find(Ulid id) => _store.FindDeadLetterAsync(_workspace, id);

    public ValueTask<bool> Discard(Ulid id) => _store.DiscardDeadLetterAsync(_workspace, id);

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
            { Call.Kind: CallKind.Merge } merge => await GrainFactory.GetGrain<IMergeGrain>(_workspace).Replay(merge.Customer, merge.Call, deadline),
            _ => await GrainFactory.GetCustomer(_keys, new CustomerAddress(_workspace, letter.Customer)).Replay(id, deadline),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Workspace {Workspace}: a dead letter could not be read for its replay.")]
    private static partial void LogNotRead(ILogger logger, string workspace, Exception exception);
}
