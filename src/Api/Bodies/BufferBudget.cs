namespace CioOrleans.Api.Bodies;

/// <summary>
/// The bytes that the bodies of all requests may take in memory together. The first <see cref="SmallBytes"/> of each may use all of them, the rest of large ones half: so large bodies,
/// however many and slow, leave room for ordinary calls. Safe for use from any thread.
/// </summary>
/// <param name="maxBytes">The bytes of all requests together.</param>
internal sealed class BufferBudget(long maxBytes)
{
    /// <summary>An ordinary call is smaller.</summary>
    public const int SmallBytes = 32 * 1024;

    private readonly long _maxLarge = maxBytes / 2;

    private long _used;
    private long _usedByLarge;

    /// <summary>Takes what a request needs to grow from one size to another. False where there is no room, and then nothing is taken.</summary>
    public bool TryTake(long from, long to)
    {
        var large = LargeOf(to) - LargeOf(from);
        if (large > 0 && Interlocked.Add(ref _usedByLarge, large) > _maxLarge)
        {
            Interlocked.Add(ref _usedByLarge, -large);
            return false;
        }

        if (Interlocked.Add(ref _used, to - from) <= maxBytes)
        {
            return true;
        }

        Interlocked.Add(ref _used, from - to);
        Interlocked.Add(ref _usedByLarge, -large);
        return false;
    }

    /// <summary>Gives back all that a request has taken.</summary>
    public void Return(long size)
    {
        Interlocked.Add(ref _used, -size);
        Interlocked.Add(ref _usedByLarge, -LargeOf(size));
    }

    private static long LargeOf(long size) => Math.Max(0, size - SmallBytes);
}

/// <summary>What one request has taken of the <see cref="BufferBudget"/>; given back when the request ends.</summary>
internal sealed class BufferLease(BufferBudget budget) : IDisposable
{
    private long _size;

    /// <summary>Takes what is missing. False where there is no room.</summary>
    public bool TryGrow(long size)
    {
        if (size <= _size)
        {
            return true;
        }

        if (!budget.TryTake(_size, size))
        {
            return false;
        }

        _size = size;
        return true;
    }

    public void Dispose() => budget.Return(Interlocked.Exchange(ref _size, 0));
}
