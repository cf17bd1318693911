using CioOrleans.Grains.Imports;
using CioOrleans.Operating;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Operating;

/// <inheritdoc cref="IListGrain"/>
[Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class ListGrain(IListStore store, TimeProvider time) : Grain, IListGrain
{
    /// <summary>Counting gets at most one part in this many of the time, and happens at most as often as <see cref="_every"/>.</summary>
    private const int ShareOfTime = 100;

    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);

    /// <summary>A caller waits for a count that should take less than this, and gets the one before otherwise.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private QueueList? _queues;
    private Task<QueueList>? _counting;
    private long _countedAt;

    private string Workspace => this.GetPrimaryKeyString();

    public async ValueTask<QueueList> ReadQueues()
    {
        if (_counting is not { IsCompleted: false } && (_queues is not { } last || time.GetElapsedTime(_countedAt) > PauseAfter(last)))
        {
            _counting = CountAsync();
        }

        if (_counting is { } counting && (_queues is null || _queues.Took < _patience))
        {
            return await counting;
        }

        return _queues!;
    }

    public async ValueTask<ImportList> ReadImports(Ulid? before, int limit)
    {
        var imports = await store.ReadImportsAsync(Workspace, before, limit);
        return new ImportList(
            [
                .. imports
                    .Select(import => (import.Id, Record: ImportRecord.FromJson(import.State)))
                    .Where(import => import.Record is not null)
                    .Select(import => new ImportSummary(import.Id, import.Record!.StartedAt, import.Record.Rows, import.Record.Total)),
            ],
            imports.Count == limit ? imports[^1].Id : null);
    }

    public async ValueTask<SendList> ReadAnsweredSends(Ulid? before, int limit)
    {
        var sends = await store.ReadAnsweredSendsAsync(Workspace, before, limit);
        return new SendList(sends, sends.Count == limit ? sends[^1].Id : null);
    }

    public ValueTask<WaitingSends> ReadWaitingSends(int limit) => store.ReadWaitingSendsAsync(Workspace, limit);

    private static TimeSpan PauseAfter(QueueList last) => ShareOfTime * last.Took is var pause && pause > _every ? pause : _every;

    private async Task<QueueList> CountAsync()
    {
        var startedAt = time.GetTimestamp();
        var found = await store.ReadQueuesAsync(Workspace, QueueList.Size);
        _countedAt = time.GetTimestamp();
        return _queues = new QueueList(found.Longest, found.Oldest, found.IsOldestComplete, time.GetUtcNow(), time.GetElapsedTime(startedAt, _countedAt));
    }
}
