using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// The duplicate keys that one customer's grain knows: of calls that are being stored, and of the last accepted ones. Without a
/// key it takes no memory; with keys, a bounded amount.
/// </summary>
internal sealed class KnownKeys
{
    /// <summary>How many keys of accepted calls are remembered. The oldest is forgotten first.</summary>
    public const int Capacity = 64;

    private const int FirstCapacity = 4;

    // A ring of the last keys: while it grows it is in order from 0, and once it is full _next is the oldest.
    private (DuplicateKey Key, DateTimeOffset AcceptedAt)[]? _accepted;
    private int _count;
    private int _next;
    private Dictionary<DuplicateKey, Task<AcceptResult>>? _pending;

    /// <summary>Whether a call with this key was accepted at <paramref name="since"/> or later.</summary>
    public bool IsKnown(DuplicateKey key, DateTimeOffset since)
    {
        foreach (var (known, acceptedAt) in _accepted.AsSpan(0, _count))
        {
            if (known == key && acceptedAt >= since)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The coming result of a call with this key that is being stored; null if there is none.</summary>
    public Task<AcceptResult>? Pending(DuplicateKey key) => _pending?.GetValueOrDefault(key);

    /// <summary>A call with this key is being stored. An earlier one with the same key stays known.</summary>
    public void Begin(DuplicateKey key, Task<AcceptResult> pending) => (_pending ??= []).TryAdd(key, pending);

    /// <summary>The call was stored, or not.</summary>
    public void End(DuplicateKey key, Task<AcceptResult> pending)
    {
        if (_pending?.GetValueOrDefault(key) == pending && _pending.Remove(key) && _pending.Count == 0)
        {
            _pending = null;
        }
    }

    /// <summary>A call with this key was stored.</summary>
    public void Remember(DuplicateKey key, DateTimeOffset acceptedAt)
    {
        if (_accepted is null || (_count == _accepted.Length && _count < Capacity))
        {
            Array.Resize(ref _accepted, _accepted is null ? FirstCapacity : Math.Min(Capacity, _count * 2));
            _next = _count;
        }

        _accepted[_next] = (key, acceptedAt);
        _next = (_next + 1) % _accepted.Length;
        _count = Math.Min(_count + 1, _accepted.Length);
    }
}
