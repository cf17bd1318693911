using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CioOrleans.Customers;

namespace CioOrleans.Client;

/// <summary>Overloads with source-generated JSON for calls that carry attributes or data. They use no reflection.</summary>
public static class DispatcherJson
{
    /// <inheritdoc cref="ICustomerDispatcher.IdentifyAsync"/>
    public static ValueTask<AcceptResult> IdentifyAsync<T>(
        this ICustomerDispatcher customer, T attributes, JsonTypeInfo<T> type, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default) =>
        customer.IdentifyAsync(JsonSerializer.SerializeToElement(attributes, type), timestamp, cancellationToken);

    /// <inheritdoc cref="ICustomerDispatcher.TrackAsync"/>
    public static ValueTask<AcceptResult> TrackAsync<T>(
        this ICustomerDispatcher customer,
        string name,
        T data,
        JsonTypeInfo<T> type,
        Ulid? id = null,
        DateTimeOffset? timestamp = null,
        CancellationToken cancellationToken = default) =>
        customer.TrackAsync(name, JsonSerializer.SerializeToElement(data, type), id, timestamp, cancellationToken);

    /// <inheritdoc cref="ICustomerDispatcher.PageAsync"/>
    public static ValueTask<AcceptResult> PageAsync<T>(
        this ICustomerDispatcher customer,
        string page,
        T data,
        JsonTypeInfo<T> type,
        Ulid? id = null,
        DateTimeOffset? timestamp = null,
        CancellationToken cancellationToken = default) =>
        customer.PageAsync(page, JsonSerializer.SerializeToElement(data, type), id, timestamp, cancellationToken);

    /// <inheritdoc cref="ICustomerDispatcher.ScreenAsync"/>
    public static ValueTask<AcceptResult> ScreenAsync<T>(
        this ICustomerDispatcher customer,
        string screen,
        T data,
        JsonTypeInfo<T> type,
        Ulid? id = null,
        DateTimeOffset? timestamp = null,
        CancellationToken cancellationToken = default) =>
        customer.ScreenAsync(screen, JsonSerializer.SerializeToElement(data, type), id, timestamp, cancellationToken);

    /// <inheritdoc cref="ICustomerDispatcher.AddOrUpdateDeviceAsync"/>
    public static ValueTask<AcceptResult> AddOrUpdateDeviceAsync<T>(
        this ICustomerDispatcher customer,
        string deviceId,
        string platform,
        T attributes,
        JsonTypeInfo<T> type,
        DateTimeOffset? lastUsed = null,
        CancellationToken cancellationToken = default) =>
        customer.AddOrUpdateDeviceAsync(deviceId, platform, JsonSerializer.SerializeToElement(attributes, type), lastUsed, cancellationToken);

    /// <inheritdoc cref="IWorkspaceDispatcher.TrackAnonymousAsync"/>
    public static ValueTask<AcceptResult> TrackAnonymousAsync<T>(
        this IWorkspaceDispatcher workspace,
        string? anonymousId,
        string name,
        T data,
        JsonTypeInfo<T> type,
        Ulid? id = null,
        DateTimeOffset? timestamp = null,
        CancellationToken cancellationToken = default) =>
        workspace.TrackAnonymousAsync(anonymousId, name, JsonSerializer.SerializeToElement(data, type), id, timestamp, cancellationToken);
}
