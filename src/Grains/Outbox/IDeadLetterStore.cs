using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Outbox;

/// <summary>The store of dead letters. They are created by <see cref="IOutbox.DeadLetterAsync"/> and replayed by <see cref="IOutbox.AppendAsync"/>.</summary>
public interface IDeadLetterStore
{
    /// <summary>A page ends after the dead letter with which its bodies reach this size, in bytes.</summary>
    const int PageBytes = 1024 * 1024;

    /// <summary>A page, oldest call first: at most <paramref name="limit"/> dead letters, and fewer if they are large (<see cref="PageBytes"/>).</summary>
    ValueTask<DeadLetterPage> ReadDeadLettersAsync(string workspace, Ulid? after, int limit, CancellationToken cancellation = default);

    /// <summary>One dead letter; null if there is none with this id.</summary>
    ValueTask<DeadLetter?> FindDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    /// <summary>Deletes a dead letter for good. False if there is none with this id.</summary>
    ValueTask<bool> DiscardDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    ValueTask<long> CountDeadLettersAsync(string workspace, CancellationToken cancellation = default);
}
