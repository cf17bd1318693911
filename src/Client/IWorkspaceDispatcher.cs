using CioOrleans.Calls;
using CioOrleans.Client.Imports;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Imports;

namespace CioOrleans.Client;

/// <summary>
/// Calls to one workspace. Each returns once the call is on stable storage, or returns <see cref="AcceptResult.NotAccepted"/> if the call is not known to be
/// stored; then the caller should repeat it. A mistake of the caller is an <see cref="ArgumentException"/>, a workspace that is not configured an
/// <see cref="UnknownWorkspaceException"/>.
/// </summary>
public interface IWorkspaceDispatcher
{
    /// <summary>The workspace's name.</summary>
    string Name { get; }

    /// <summary>The priority of the calls made through this object.</summary>
    CallPriority Priority { get; }

    /// <summary>The same workspace with another priority. An import should use <see cref="CallPriority.Bulk"/>.</summary>
    IWorkspaceDispatcher WithPriority(CallPriority priority);

    /// <summary>
    /// A person. The kind of identifier follows from its form, as at Customer.io: with an @ it is an e-mail address, with the prefix <c>cio_</c> a cio_id,
    /// anything else an id.
    /// </summary>
    /// <param name="identifier">At most <see cref="CallLimits.MaxPersonBytes"/> bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The identifier is blank, too long, or cannot be part of a path.</exception>
    ICustomerDispatcher Customer(string identifier);

    /// <summary>A person by e-mail address.</summary>
    /// <exception cref="ArgumentException">Customer.io would not recognise an e-mail address, or see <see cref="Customer"/>.</exception>
    ICustomerDispatcher CustomerByEmail(string email);

    /// <summary>A person by cio_id, with or without the prefix <c>cio_</c>.</summary>
    /// <exception cref="ArgumentException">See <see cref="Customer"/>.</exception>
    ICustomerDispatcher CustomerByCioId(string cioId);

    /// <summary>
    /// Merges <paramref name="secondary"/> into <paramref name="primary"/> and deletes the secondary. Cannot be undone. The merge is sent after all earlier
    /// calls of both people have ended, and before all later ones.
    /// </summary>
    /// <param name="primary">The person to keep; the kind of identifier follows as in <see cref="Customer"/>.</param>
    /// <param name="secondary">The person to delete, likewise.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    /// <exception cref="ArgumentException">Both are the same person, or see <see cref="Customer"/>.</exception>
    ValueTask<AcceptResult> MergeAsync(string primary, string secondary, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tracks an event of a person who is not known yet. Customer.io assigns it to the person that is later identified with this <c>anonymous_id</c>.
    /// </summary>
    /// <param name="anonymousId">Null for an invite, whose <paramref name="data"/> holds a <c>recipient</c>; invites have no order.</param>
    /// <param name="name">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="data">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="id">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="timestamp">See <see cref="ICustomerDispatcher.TrackAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> TrackAnonymousAsync(
        string? anonymousId, string name, object? data = null, Ulid? id = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Imports people. Each person becomes an identify, and an event if one is given. These calls have the priority <see cref="CallPriority.Bulk"/> and are
    /// sent in requests of up to a thousand. Results come in the order of <paramref name="users"/>, while the import runs; read all of them. While calls are
    /// being delivered, an import stays only a few seconds ahead of delivery. Repeating people under the same import id is harmless.
    /// </summary>
    /// <param name="users">The people. They are read one after the other, as results are read.</param>
    /// <param name="options">The import's id and size; null for a new id and an unknown size.</param>
    /// <param name="cancellationToken">Ends the import; accepted calls stay accepted.</param>
    IAsyncEnumerable<ImportResult> IdentifyManyAsync(
        IAsyncEnumerable<ImportUser> users, ImportOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IdentifyManyAsync(IAsyncEnumerable{ImportUser}, ImportOptions?, CancellationToken)"/>
    IAsyncEnumerable<ImportResult> IdentifyManyAsync(
        IEnumerable<ImportUser> users, ImportOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The progress of an import; null if there is no import with this id.</summary>
    /// <param name="import">From <see cref="ImportOptions.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImportStatus?> GetImportAsync(Ulid import, CancellationToken cancellationToken = default);
}
