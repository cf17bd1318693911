using System.Text.Json;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>The state of one of Customer.io's hosts.</summary>
/// <param name="State"><c>normal</c>, <c>outage</c> or <c>misconfigured</c>.</param>
/// <param name="Since">When that state began.</param>
/// <param name="Reason">Why only probes are sent; null in normal delivery.</param>
/// <param name="NextProbeAt">When the next probe may be sent; null in normal delivery, and while the end of a running probe decides it.</param>
/// <param name="InFlight">Requests to the host in flight.</param>
/// <param name="Slots">The most requests that may be in flight to the host at the moment.</param>
internal sealed record HostAnswer(string State, DateTimeOffset Since, string? Reason, DateTimeOffset? NextProbeAt, int InFlight, int Slots)
{
    public static HostAnswer Of(HostStatus status) =>
        new(JsonNamingPolicy.KebabCaseLower.ConvertName(status.State.ToString()), status.Since, status.Reason, status.NextProbeAt, status.InFlight, status.Slots);
}
