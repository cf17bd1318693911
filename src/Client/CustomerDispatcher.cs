using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Client;

/// <inheritdoc cref="ICustomerDispatcher"/>
internal sealed class CustomerDispatcher(string workspace, Person person, CallPriority priority, CallFactory calls, CallSubmitter submitter) : ICustomerDispatcher
{
    public ValueTask<AcceptResult> IdentifyAsync(object? attributes, DateTimeOffset? timestamp, CancellationToken cancellationToken) =>
        AcceptAsync(calls.Identify(person, attributes, timestamp), cancellationToken);

    public ValueTask<AcceptResult> TrackAsync(string name, object? data, Ulid? id, DateTimeOffset? timestamp, CancellationToken cancellationToken) =>
        AcceptAsync(calls.Event(person, new EventDetails(name, data, id, timestamp)), cancellationToken);

    public ValueTask<AcceptResult> PageAsync(string page, object? data, Ulid? id, DateTimeOffset? timestamp, CancellationToken cancellationToken) =>
        AcceptAsync(calls.Page(person, new EventDetails(page, data, id, timestamp)), cancellationToken);

    public ValueTask<AcceptResult> ScreenAsync(string screen, object? data, Ulid? id, DateTimeOffset? timestamp, CancellationToken cancellationToken) =>
        AcceptAsync(calls.Screen(person, new EventDetails(screen, data, id, timestamp)), cancellationToken);

    public ValueTask<AcceptResult> AddOrUpdateDeviceAsync(
        string deviceId, string platform, object? attributes, DateTimeOffset? lastUsed, CancellationToken cancellationToken) =>
        AcceptAsync(calls.AddDevice(person, deviceId, platform, attributes, lastUsed), cancellationToken);

    public ValueTask<AcceptResult> DeleteDeviceAsync(string deviceId, CancellationToken cancellationToken) =>
        AcceptAsync(calls.DeleteDevice(person, deviceId), cancellationToken);

    public ValueTask<AcceptResult> DeleteAsync(CancellationToken cancellationToken) => AcceptAsync(calls.Delete(person), cancellationToken);

    public ValueTask<AcceptResult> SuppressAsync(CancellationToken cancellationToken) => AcceptAsync(calls.Suppress(person), cancellationToken);

    public ValueTask<AcceptResult> UnsuppressAsync(CancellationToken cancellationToken) => AcceptAsync(calls.Unsuppress(person), cancellationToken);

    private ValueTask<AcceptResult> AcceptAsync(Call call, CancellationToken cancellationToken) =>
        submitter.AcceptAsync(new CustomerAddress(workspace, person.Key), call with { Priority = priority }, cancellationToken);
}
