using CioOrleans.Customers;

namespace CioOrleans.Outbox;

/// <summary>
/// What is kept of sends for those who ask later: Customer.io's answers (<see cref="IOutbox.EndSendAsync"/>), and the keys under which callers repeat
/// sends (<see cref="IOutbox.AppendSendAsync"/>).
/// </summary>
public interface ISendResultStore
{
    /// <summary>The answer; null where there is none of that id, or none any more.</summary>
    ValueTask<SendResult?> FindSendResultAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    /// <summary>The send that a key is bound to; null where it is bound to none, or to none any more.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="name">From <see cref="SendKey.Name"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<SendBinding?> FindSendKeyAsync(string workspace, Ulid name, CancellationToken cancellation = default);

    /// <summary>
    /// Forgets answers, and keys of sends that ended, from before a moment. A key whose send waits, or stands as a dead letter without an
    /// answer of Customer.io, is kept.
    /// </summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="before">Younger ones stay (UTC).</param>
    /// <param name="limit">At most this many answers and this many keys are removed by one call.</param>
    /// <returns>Whether the limit was reached, so that there may be more.</returns>
    /// <exception cref="IOException">The store cannot be written at the moment.</exception>
    ValueTask<bool> ForgetSendsAsync(string workspace, DateTimeOffset before, int limit);
}
