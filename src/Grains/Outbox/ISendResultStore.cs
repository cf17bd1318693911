using CioOrleans.Customers;

namespace CioOrleans.Grains.Outbox;

/// <summary>
/// The store of what callers may ask for after a send: Customer.io's answers (<see cref="IOutbox.EndSendAsync"/>), and the keys under which callers repeat
/// sends (<see cref="IOutbox.AppendSendAsync"/>).
/// </summary>
public interface ISendResultStore
{
    /// <summary>The answer; null if there is none with this id, or it was deleted.</summary>
    ValueTask<SendResult?> FindSendResultAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    /// <summary>The send that a key is bound to; null if the key is not bound, or no longer.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="name">From <see cref="SendKey.Name"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<SendBinding?> FindSendKeyAsync(string workspace, Ulid name, CancellationToken cancellation = default);

    /// <summary>
    /// Deletes answers, and keys of sends that have ended, from before a moment. Keeps a key whose send waits or is a dead letter without an answer of
    /// Customer.io.
    /// </summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="before">Only older ones are deleted (UTC).</param>
    /// <param name="limit">The maximum number of answers, and of keys, that one call deletes.</param>
    /// <returns>Whether the limit was reached, so that there may be more.</returns>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    ValueTask<bool> ForgetSendsAsync(string workspace, DateTimeOffset before, int limit);
}
