namespace CioOrleans.Api.Bodies;

/// <summary>
/// Limits the memory that the bodies of all requests take together. The first <see cref="SmallBytes"/> of each body may use all of it. The rest of large
/// bodies may use half of it, so that large bodies always leave room for ordinary calls. Thread-safe.
/// </summary>
/// <param name="maxBytes">The limit for all requests together, in bytes.</param>
internal sealed class BufferBudget(long maxBytes)
{
    /// <summary>The part of each body that counts as small, in bytes. Ordinary calls are smaller.</summary>
    public const int SmallBytes = 32 * 1024;

    private readonly long _maxLarge = maxBytes / 2;

    private long _used;
    private long _usedByLarge;

    /// <summary>Takes the bytes by which a body grows. False if there is no room; then nothing is taken.</summary>
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

    /// <summary>Returns all bytes that a request has taken.</summary>
    public void Return(long size)
    {
        Interlocked.Add(ref _used, -size);
        Interlocked.Add(ref _usedByLarge, -LargeOf(size));
    }

    private static long LargeOf(long size) => Math.Max(0, size - SmallBytes);
}

/// <summary>What one request has taken of the <see cref="BufferBudget"/>. Disposing returns it.</summary>
internal sealed class BufferLease(BufferBudget budget) : IDisposable
{
    private long _size;

    /// <summary>Grows the lease to a size in bytes. False if there is no room; then the lease does not change.</summary>
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
