using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Importing;

namespace CioOrleans.Dispatching;

/// <summary>
/// Calls to one workspace. Each returns once the call is on stable storage, or says that nothing is known to be stored: after
/// <see cref="AcceptResult.NotAccepted"/> the call should be made again. What a caller did wrong is an <see cref="ArgumentException"/>, a
/// workspace that is not configured an <see cref="UnknownWorkspaceException"/>.
/// </summary>
public interface IWorkspaceDispatcher
{
    /// <summary>The workspace's name.</summary>
    string Name { get; }

    /// <summary>The priority of the calls made through this.</summary>
    CallPriority Priority { get; }

    /// <summary>The same workspace with another priority: an import should make its calls as <see cref="CallPriority.Bulk"/>.</summary>
    IWorkspaceDispatcher WithPriority(CallPriority priority);

    /// <summary>A person. Customer.io guesses by the shape: with an @ it is an e-mail address, with <c>cio_</c> in front a cio_id, all else an id.</summary>
    /// <param name="identifier">At most <see cref="CallLimits.MaxPersonBytes"/> bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The identifier is blank, too long, or cannot stand in a path.</exception>
    ICustomerDispatcher Customer(string identifier);

    /// <summary>A person by e-mail address.</summary>
    /// <exception cref="ArgumentException">Customer.io would not take it for an e-mail address, or see <see cref="Customer"/>.</exception>
    ICustomerDispatcher CustomerByEmail(string email);

    /// <summary>A person by cio_id, with or without its <c>cio_</c>.</summary>
    /// <exception cref="ArgumentException">See <see cref="Customer"/>.</exception>
    ICustomerDispatcher CustomerByCioId(string cioId);

    /// <summary>
    /// Merges <paramref name="secondary"/> into <paramref name="primary"/> and deletes it. Cannot be undone. It is sent once all earlier
    /// calls of both people are done, and before all later ones.
    /// </summary>
    /// <param name="primary">The person to keep, guessed as in <see cref="Customer"/>.</param>
    /// <param name="secondary">The person to delete, likewise.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    /// <exception cref="ArgumentException">Both are the same person, or see <see cref="Customer"/>.</exception>
    ValueTask<AcceptResult> MergeAsync(string primary, string secondary, CancellationToken cancellationToken = default);

    /// <summary>An event of somebody yet unknown. Customer.io gives it to the person that is later identified with this <c>anonymous_id</c>.</summary>
    /// <param name="anonymousId">Null for an invite, whose <paramref name="data"/> holds a <c>recipient</c>; no order is owed between those.</param>
    /// <param name="name">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="data">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="id">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="timestamp">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> TrackAnonymousAsync(
        string? anonymousId, string name, object? data = null, Ulid? id = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Imports people: each becomes an identify, and an event where it has one, that goes behind live calls and leaves in requests of up to
    /// a thousand. Results come in the order of <paramref name="users"/>, as people are taken: read them all. Where delivery goes on, an
    /// import keeps a few seconds ahead of it, and no more. Repeating people under the same import id is harmless.
    /// </summary>
    /// <param name="users">Read one after the other, as results are.</param>
    /// <param name="options">The import's id and size; null for a new id and an unknown size.</param>
    /// <param name="cancellationToken">Ends the import; what was accepted stays accepted.</param>
    IAsyncEnumerable<ImportResult> IdentifyManyAsync(
        IAsyncEnumerable<ImportUser> users, ImportOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IdentifyManyAsync(IAsyncEnumerable{ImportUser}, ImportOptions?, CancellationToken)"/>
    IAsyncEnumerable<ImportResult> IdentifyManyAsync(
        IEnumerable<ImportUser> users, ImportOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>How far an import has come; null where nobody has heard of it.</summary>
    /// <param name="import">As given in <see cref="ImportOptions.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImportStatus?> GetImportAsync(Ulid import, CancellationToken cancellationToken = default);
}
