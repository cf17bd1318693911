using CioOrleans.Workspaces;

namespace CioOrleans.Outbox;

/// <summary>The calls that were given up. They are made by <see cref="IOutbox.DeadLetterAsync"/> and replayed by <see cref="IOutbox.AppendAsync"/>.</summary>
public interface IDeadLetterStore
{
    /// <summary>A page ends behind the body with which its bodies have so many bytes.</summary>
    const int PageBytes = 1024 * 1024;

    /// <summary>A page, oldest call first: at most <paramref name="limit"/> dead letters, and fewer where they are large (<see cref="PageBytes"/>).</summary>
    ValueTask<DeadLetterPage> ReadDeadLettersAsync(string workspace, Ulid? after, int limit, CancellationToken cancellation = default);

    /// <summary>One dead letter; null where there is none of that id.</summary>
    ValueTask<DeadLetter?> FindDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    /// <summary>Deletes one for good. False where there is none of that id.</summary>
    ValueTask<bool> DiscardDeadLetterAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    ValueTask<long> CountDeadLettersAsync(string workspace, CancellationToken cancellation = default);
}
