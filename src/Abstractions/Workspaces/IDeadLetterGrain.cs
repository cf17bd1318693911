using CioOrleans.Customers;

namespace CioOrleans.Workspaces;

/// <summary>The dead letters of a workspace (key: its name in the settings). Any silo answers from the store; the workspace's owner is not asked.</summary>
[Alias("cio.IDeadLetterGrain")]
public interface IDeadLetterGrain : IGrainWithStringKey
{
    /// <summary>A page of dead letters.</summary>
    /// <param name="after">From <see cref="DeadLetterPage.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of dead letters; 1 to 1,000.</param>
    [Alias("Read")]
    ValueTask<DeadLetterPage> Read(Ulid? after, int limit);

    /// <summary>A dead letter; null if there is none with this id.</summary>
    [Alias("Find")]
    ValueTask<DeadLetter?> Find(Ulid id);

    /// <summary>
    /// Puts a dead letter at the end of its customer's queue, unless the deadline has passed. One that holds the queue goes back to its place, in front of all
    /// calls that wait.
    /// </summary>
    [Alias("Replay"), ResponseTimeout("00:00:05")]
    ValueTask<ReplayResult> Replay(Ulid id, AcceptDeadline deadline);

    /// <summary>Deletes a dead letter for good. False if there is none with this id.</summary>
    [Alias("Discard")]
    ValueTask<bool> Discard(Ulid id);

    /// <summary>A page of the customers whose queues a dead letter holds.</summary>
    /// <param name="after">From <see cref="HeldCustomerPage.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of customers; 1 to 1,000.</param>
    [Alias("ReadHeld")]
    ValueTask<HeldCustomerPage> ReadHeld(string? after, int limit);

    /// <summary>The dead letters by kind of call and cause.</summary>
    /// <param name="limit">The maximum number of causes; 1 to 1,000.</param>
    [Alias("ReadCauses"), ResponseTimeout("00:01:00")]
    ValueTask<DeadLetterCauses> ReadCauses(int limit);

    /// <summary>The number of dead letters that a selection matches.</summary>
    [Alias("Count"), ResponseTimeout("00:01:00")]
    ValueTask<DeadLetterCount> Count(DeadLetterSelection selection);

    /// <summary>A page of the dead letters that a selection matches.</summary>
    /// <param name="selection">Selects the dead letters.</param>
    /// <param name="after">From <see cref="SelectedDeadLetterPage.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of dead letters; 1 to 1,000.</param>
    [Alias("Select"), ResponseTimeout("00:01:00")]
    ValueTask<SelectedDeadLetterPage> Select(DeadLetterSelection selection, Ulid? after, int limit);

    /// <summary>Deletes dead letters for good, all in one commit; at most 1,000. Ids without a dead letter are ignored.</summary>
    /// <returns>How many were deleted.</returns>
    [Alias("DiscardMany")]
    ValueTask<int> DiscardMany(IReadOnlyList<Ulid> ids);
}
