using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// The end of the head, from the moment at which it is decided until it is stored. In between, neither the head nor a call behind it may be sent. So a
/// crash repeats the last call at most, never an earlier one. Not thread-safe; stores may interleave.
/// </summary>
internal sealed class HeadEnd
{
    private Func<ValueTask<WriteResult>>? _store;

    /// <summary>Whether the head has ended and its end is not stored.</summary>
    public bool IsUnstored => _store is not null;

    /// <summary>The head has ended.</summary>
    /// <param name="store">Stores the end. May be called several times.</param>
    public void Decide(Func<ValueTask<WriteResult>> store) => _store = store;

    /// <summary>Tries once to store the end that was decided.</summary>
    /// <param name="onStored">
    /// Called once for each end. A barrier's release may interleave with a retry of the same end: the first of the two to return removes the head, and the
    /// second has nothing to do.
    /// </param>
    /// <returns>Null once the end is stored; otherwise why it is not.</returns>
    public async ValueTask<WriteResult.Unavailable?> StoreAsync(Func<ValueTask> onStored)
    {
        var store = _store ?? throw new InvalidOperationException("The head has not ended.");
        if (await store() is WriteResult.Unavailable unavailable)
        {
            return unavailable;
        }

        if (ReferenceEquals(_store, store))
        {
            _store = null;
            await onStored();
        }

        return null;
    }
}
