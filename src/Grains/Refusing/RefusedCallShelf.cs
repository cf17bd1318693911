using CioOrleans.Configuration;
using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;

namespace CioOrleans.Grains.Refusing;

/// <summary>
/// Keeps a workspace's refused calls within their bounds. One request at a time: the totals are kept in memory between the requests. Where another activation
/// has written meanwhile, the bounds are exceeded by as much until the totals are read again.
/// </summary>
internal sealed class RefusedCallShelf(IRefusedCallStore store, string workspace, RefusedCallSettings settings, TimeProvider time)
{
    /// <summary>How many calls one write deletes at most.</summary>
    public const int Slice = 500;

    /// <summary>How many slices one request deletes at most, so that it ends within its time-out.</summary>
    private const int SlicesAtOnce = 10;

    /// <summary>How long after an erasure calls are refused that were on their way when it happened.</summary>
    private static readonly TimeSpan _erasureLasts = TimeSpan.FromMinutes(2);

    private const int MaxErasures = 1_000;

    private readonly Queue<(string? Person, DateTimeOffset At)> _erasures = [];
    private RefusedTotal? _total;

    /// <summary>Makes room for calls by deleting the oldest, and stores the calls.</summary>
    /// <returns>Null; why they could not be stored otherwise.</returns>
    public async Task<string?> KeepAsync(IReadOnlyList<RefusedCall> calls)
    {
        if (!settings.IsOn)
        {
            return null;
        }

        var kept = Newest([.. calls.Where(call => !WasErased(call))]);
        if (kept.Count == 0)
        {
            return null;
        }

        var total = _total ?? await store.CountRefusedAsync(workspace);
        _total = null;
        var added = new RefusedTotal(kept.Count, kept.Sum(call => (long)call.Body.Length));
        if (Exceeds(total, added))
        {
            total = await MakeRoomAsync(await store.CountRefusedAsync(workspace), added);
        }

        if (await store.KeepRefusedAsync(workspace, kept) is WriteResult.Unavailable(var reason))
        {
            return reason;
        }

        _total = new RefusedTotal(total.Calls + added.Calls, total.Bytes + added.Bytes);
        return null;
    }

    /// <exception cref="IOException">The change could not be stored.</exception>
    public async Task<bool> DeleteAsync(Ulid id)
    {
        _total = null;
        return await store.DeleteRefusedAsync(workspace, [id]) > 0;
    }

    /// <summary>Deletes or counts the calls that name a person, or all, up to <see cref="SlicesAtOnce"/> slices.</summary>
    /// <exception cref="IOException">The change could not be stored.</exception>
    public async Task<ErasedCalls> EraseAsync(string? person, bool isPreview)
    {
        if (isPreview)
        {
            return new ErasedCalls(
                person is null ? (int)(await store.CountRefusedAsync(workspace)).Calls : (await store.FindRefusedOfAsync(workspace, person, settings.MaxCalls)).Count,
                IsComplete: true);
        }

        Remember(person);
        _total = null;
        var count = 0;
        for (var slice = 0; slice < SlicesAtOnce; slice++)
        {
            IReadOnlyList<Ulid> ids = person is null
                ? [.. (await store.ReadOldestRefusedAsync(workspace, null, Slice)).Select(call => call.Id)]
                : await store.FindRefusedOfAsync(workspace, person, Slice);
            count += ids.Count == 0 ? 0 : await store.DeleteRefusedAsync(workspace, ids);
            if (ids.Count < Slice)
            {
                return new ErasedCalls(count, IsComplete: true);
            }
        }

        return new ErasedCalls(count, IsComplete: false);
    }

    /// <summary>Deletes the calls that are too old, up to <see cref="SlicesAtOnce"/> slices.</summary>
    /// <exception cref="IOException">The change could not be stored.</exception>
    public async Task TidyAsync()
    {
        var before = (time.GetUtcNow() - settings.KeepFor).FirstUlid();
        for (var slice = 0; slice < SlicesAtOnce; slice++)
        {
            var old = await store.ReadOldestRefusedAsync(workspace, before, Slice);
            if (old.Count > 0)
            {
                _total = null;
                await store.DeleteRefusedAsync(workspace, [.. old.Select(call => call.Id)]);
            }

            if (old.Count < Slice)
            {
                return;
            }
        }
    }

    /// <summary>The newest calls that fit into the bounds.</summary>
    private List<RefusedCall> Newest(List<RefusedCall> calls)
    {
        calls.Sort((one, other) => one.Id.CompareTo(other.Id));
        var (first, bytes) = (calls.Count, 0L);
        while (first > 0 && calls.Count - first < settings.MaxCalls && bytes + calls[first - 1].Body.Length <= settings.MaxBytes)
        {
            bytes += calls[--first].Body.Length;
        }

        return calls[first..];
    }

    /// <summary>Deletes the oldest calls until an eighth of the bounds is free besides the room for the calls that come, so that not each write deletes.</summary>
    private async Task<RefusedTotal> MakeRoomAsync(RefusedTotal total, RefusedTotal added)
    {
        var room = new RefusedTotal(Math.Max(added.Calls, settings.MaxCalls / 8), Math.Max(added.Bytes, settings.MaxBytes / 8));
        while (Exceeds(total, room))
        {
            var oldest = await store.ReadOldestRefusedAsync(workspace, null, Slice);
            var ids = new List<Ulid>(Slice);
            foreach (var call in oldest.TakeWhile(_ => Exceeds(total, room)))
            {
                ids.Add(call.Id);
                total = new RefusedTotal(total.Calls - 1, total.Bytes - call.Bytes);
            }

            if (ids.Count == 0)
            {
                return default;
            }

            await store.DeleteRefusedAsync(workspace, ids);
        }

        return total;
    }

    private bool Exceeds(RefusedTotal total, RefusedTotal added) => total.Calls + added.Calls > settings.MaxCalls || total.Bytes + added.Bytes > settings.MaxBytes;

    private void Remember(string? person)
    {
        _erasures.Enqueue((person, time.GetUtcNow()));
        if (_erasures.Count > MaxErasures)
        {
            _erasures.Dequeue();
        }
    }

    private bool WasErased(RefusedCall call)
    {
        while (_erasures.TryPeek(out var oldest) && time.GetUtcNow() - oldest.At > _erasureLasts)
        {
            _erasures.Dequeue();
        }

        return _erasures.Any(erasure => call.Id.Time <= erasure.At && (erasure.Person is null || call.Persons.Contains(erasure.Person)));
    }
}
