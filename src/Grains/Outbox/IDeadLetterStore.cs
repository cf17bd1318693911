using CioOrleans.Customers;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Outbox;

/// <summary>The store of dead letters. They are created by <see cref="IOutbox.DeadLetterAsync"/> and replayed by <see cref="IOutbox.AppendAsync"/>.</summary>
public interface IDeadLetterStore
{
    /// <summary>A page ends after the dead letter with which its bodies reach this size, in bytes.</summary>
    const int PageBytes = 1024 * 1024;

    /// <summary>The maximum length of the reason of a <see cref="SelectedDeadLetter"/>, in characters.</summary>
    const int SelectedReason = 500;

    /// <summary>A page, oldest call first: at most <paramref name="limit"/> dead letters, and fewer if they are large (<see cref="PageBytes"/>).</summary>
    ValueTask<DeadLetterPage> ReadDeadLettersAsync(string workspace, Ulid? after, int limit, CancellationToken cancellation = default);

    /// <summary>One dead letter; null if there is none with this id.</summary>
    ValueTask<DeadLetter?> FindDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    /// <summary>Deletes a dead letter for good. False if there is none with this id.</summary>
    ValueTask<bool> DiscardDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    ValueTask<long> CountDeadLettersAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Deletes dead letters for good, all in one commit. Ids without a dead letter are ignored.</summary>
    /// <exception cref="IOException">The change is not known to be stored.</exception>
    ValueTask<DiscardedLetters> DiscardDeadLettersAsync(string workspace, IReadOnlyList<Ulid> ids);

    /// <summary>A page of the customers whose queues a dead letter holds, in the order of their ordering keys.</summary>
    ValueTask<HeldCustomerPage> ReadHeldAsync(string workspace, string? after, int limit, CancellationToken cancellation = default);

    /// <summary>Stores the causes of some dead letters that an earlier version has stored without.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="limit">The maximum number of dead letters.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>How many got their cause; 0 if none is without.</returns>
    /// <exception cref="IOException">The change is not known to be stored.</exception>
    ValueTask<int> StoreCausesAsync(string workspace, int limit, CancellationToken cancellation = default);

    /// <summary>The dead letters whose causes are stored, by kind of call and cause, the most frequent first.</summary>
    ValueTask<IReadOnlyList<DeadLetterCause>> ReadDeadLetterCausesAsync(string workspace, int limit, CancellationToken cancellation = default);

    /// <summary>A page of the dead letters that a selection matches, oldest call first.</summary>
    ValueTask<SelectedDeadLetterPage> SelectDeadLettersAsync(
        string workspace, DeadLetterSelection selection, Ulid? after, int limit, CancellationToken cancellation = default);

    /// <summary>The number of dead letters that a selection matches.</summary>
    ValueTask<DeadLetterCount> CountDeadLettersAsync(string workspace, DeadLetterSelection selection, CancellationToken cancellation = default);
}

/// <summary>Dead letters that were deleted.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Held">Those that held the queues of their customers.</param>
public sealed record DiscardedLetters(int Count, IReadOnlyList<HeldCustomer> Held);
