using CioOrleans.Calls;
using CioOrleans.Client.Imports;
using CioOrleans.Customers;
using CioOrleans.Imports;

namespace CioOrleans.Client;

/// <inheritdoc cref="IWorkspaceDispatcher"/>
internal sealed class WorkspaceDispatcher(string name, CallPriority priority, CallFactory calls, CallSubmitter submitter, ImportRunner imports) : IWorkspaceDispatcher
{
    public string Name => name;

    public CallPriority Priority => priority;

    public IWorkspaceDispatcher WithPriority(CallPriority priority) => new WorkspaceDispatcher(name, priority, calls, submitter, imports);

    public ICustomerDispatcher Customer(string identifier) => For(Person.FromPathValue(identifier));

    public ICustomerDispatcher CustomerByEmail(string email) => For(Person.FromEmail(email));

    public ICustomerDispatcher CustomerByCioId(string cioId) => For(Person.FromCioId(cioId));

    public ValueTask<AcceptResult> MergeAsync(string primary, string secondary, CancellationToken cancellationToken)
    {
        var kept = Person.FromPathValue(primary);
        var deleted = Person.FromPathValue(secondary);
        return kept.Key == deleted.Key
            ? throw new ArgumentException("The primary and the secondary are the same person. Name two people.", nameof(secondary))
            : submitter.AcceptAsync(new CustomerAddress(name, kept.Key), calls.Merge(kept, deleted) with { Priority = priority }, cancellationToken);
    }

    public ValueTask<AcceptResult> TrackAnonymousAsync(
        string? anonymousId, string name, object? data, Ulid? id, DateTimeOffset? timestamp, CancellationToken cancellationToken)
    {
        var call = calls.AnonymousEvent(anonymousId, new EventDetails(name, data, id, timestamp)) with { Priority = priority };

        // A repeat under the caller's own id must go to the queue of the first call.
        var key = anonymousId is null ? CustomerKey.ForNobody(id is { } own ? DuplicateKey.OfEventId(own).ToUlid() : call.Id) : CustomerKey.FromAnonymousId(anonymousId);
        return submitter.AcceptAsync(new CustomerAddress(Name, key), call, cancellationToken);
    }

    public IAsyncEnumerable<ImportResult> IdentifyManyAsync(IAsyncEnumerable<ImportUser> users, ImportOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        var import = new ImportAddress(Name, options?.Id ?? Ulid.NewUlid());
        return imports.RunAsync(import, imports.ReadAsync(import, users, cancellationToken), options?.Rows, AcceptAsync, cancellationToken);

        ValueTask<AcceptResult> AcceptAsync(string customer, Call call) =>
            submitter.AcceptAsync(new CustomerAddress(Name, customer), call, CancellationToken.None);
    }

    public IAsyncEnumerable<ImportResult> IdentifyManyAsync(IEnumerable<ImportUser> users, ImportOptions? options, CancellationToken cancellationToken) =>
        IdentifyManyAsync(users.ToAsyncEnumerable(), options, cancellationToken);

    public async ValueTask<ImportStatus?> GetImportAsync(Ulid import, CancellationToken cancellationToken) =>
        await imports.GetStatusAsync(new ImportAddress(Name, import)).AsTask().WaitAsync(cancellationToken);

    private CustomerDispatcher For(Person person) => new(name, person, priority, calls, submitter);
}
