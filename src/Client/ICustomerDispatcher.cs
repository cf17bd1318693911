using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Client;

/// <summary>
/// Calls about one person. They reach Customer.io in the order in which they were accepted. If the order of two calls matters, await the first before you
/// make the second. Results and exceptions: see <see cref="IWorkspaceDispatcher"/>.
/// <para>
/// Attributes and data may be any object that System.Text.Json writes as a JSON object: an anonymous type, a record, a dictionary, a
/// <see cref="System.Text.Json.JsonElement"/>. Property names are sent unchanged. <see cref="DispatcherJson"/> has
/// overloads for source-generated JSON.
/// </para>
/// </summary>
public interface ICustomerDispatcher
{
    /// <summary>Adds the person, or changes their attributes.</summary>
    /// <param name="attributes">What to set; null sets nothing.</param>
    /// <param name="timestamp">When the change happened (<c>_timestamp</c>). Customer.io keeps the latest change (default: now, or the value in
    /// <paramref name="attributes"/>).</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> IdentifyAsync(object? attributes = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default);

    /// <summary>Tracks an event.</summary>
    /// <param name="name">At most <see cref="CallLimits.MaxEventNameBytes"/> bytes of UTF-8.</param>
    /// <param name="data">At most <see cref="CallLimits.MaxEventDataBytes"/> bytes of JSON; null for none.</param>
    /// <param name="id">
    /// Customer.io recognises a repeat by this id (default: a new id). Give your own id if you may repeat the call after an
    /// <see cref="AcceptResult.NotAccepted"/>, a cancellation or a crash; then the person gets the event once.
    /// </param>
    /// <param name="timestamp">When the event happened (default: now). Only events of the last 72 hours trigger campaigns.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> TrackAsync(
        string name, object? data = null, Ulid? id = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default);

    /// <summary>Tracks a page view.</summary>
    /// <param name="page">The page's address, of any length.</param>
    /// <param name="data">See <see cref="TrackAsync"/>.</param>
    /// <param name="id">See <see cref="TrackAsync"/>.</param>
    /// <param name="timestamp">See <see cref="TrackAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> PageAsync(
        string page, object? data = null, Ulid? id = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default);

    /// <summary>Tracks a view of an app's screen.</summary>
    /// <param name="screen">The screen's name or deep link, of any length.</param>
    /// <param name="data">See <see cref="TrackAsync"/>.</param>
    /// <param name="id">See <see cref="TrackAsync"/>.</param>
    /// <param name="timestamp">See <see cref="TrackAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> ScreenAsync(
        string screen, object? data = null, Ulid? id = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default);

    /// <summary>Adds a device, or changes it.</summary>
    /// <param name="deviceId">Its push token.</param>
    /// <param name="platform"><c>ios</c> or <c>android</c>.</param>
    /// <param name="attributes">Attributes of the device; null for none.</param>
    /// <param name="lastUsed">When the device was last used; null lets Customer.io choose.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be accepted nevertheless.</param>
    ValueTask<AcceptResult> AddOrUpdateDeviceAsync(
        string deviceId, string platform, object? attributes = null, DateTimeOffset? lastUsed = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a device by its push token.</summary>
    ValueTask<AcceptResult> DeleteDeviceAsync(string deviceId, CancellationToken cancellationToken = default);

    /// <summary>Deletes the person; a later call may add them again.</summary>
    ValueTask<AcceptResult> DeleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes the person for good: later calls about them are ignored until <see cref="UnsuppressAsync"/>.</summary>
    ValueTask<AcceptResult> SuppressAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the effect of <see cref="SuppressAsync"/>: the person can be added again.</summary>
    ValueTask<AcceptResult> UnsuppressAsync(CancellationToken cancellationToken = default);
}
