using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Dispatching;

/// <inheritdoc cref="IWorkspaceDispatcher"/>
internal sealed class WorkspaceDispatcher(string name, CallPriority priority, CallFactory calls, Handover handover) : IWorkspaceDispatcher
{
    public string Name => name;

    public CallPriority Priority => priority;

    public IWorkspaceDispatcher WithPriority(CallPriority priority) => new WorkspaceDispatcher(name, priority, calls, handover);

    public ICustomerDispatcher Customer(string identifier) => For(Person.FromPathValue(identifier));

    public ICustomerDispatcher CustomerByEmail(string email) => For(Person.FromEmail(email));

    public ICustomerDispatcher CustomerByCioId(string cioId) => For(Person.FromCioId(cioId));

    public ValueTask<AcceptResult> MergeAsync(string primary, string secondary, CancellationToken cancellationToken)
    {
        var kept = Person.FromPathValue(primary);
        var deleted = Person.FromPathValue(secondary);
        return kept.Key == deleted.Key
            ? throw new ArgumentException("The primary and the secondary are the same person. Name two people.", nameof(secondary))
            : handover.MergeAsync(name, kept.Key, calls.Merge(kept, deleted) with { Priority = priority }, cancellationToken);
    }

    public ValueTask<AcceptResult> TrackAnonymousAsync(
        string? anonymousId, string name, object? data, Ulid? id, DateTimeOffset? timestamp, CancellationToken cancellationToken)
    {
        var call = calls.AnonymousEvent(anonymousId, new EventDetails(name, data, id, timestamp)) with { Priority = priority };
        var key = anonymousId is null ? CustomerKey.ForNobody(call.Id) : CustomerKey.FromAnonymousId(anonymousId);
        return handover.AcceptAsync(new CustomerAddress(Name, key), call, cancellationToken);
    }

    private CustomerDispatcher For(Person person) => new(name, person, priority, calls, handover);
}
