using System.Text.Json;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>One of Customer.io's hosts as <c>/admin</c> shows it.</summary>
/// <param name="State"><c>normal</c>, <c>outage</c> or <c>misconfigured</c>.</param>
/// <param name="Since">When that state began.</param>
/// <param name="Reason">Why only probes are sent; null in normal delivery.</param>
/// <param name="NextProbeAt">When the next probe may be sent; null in normal delivery, and while only the end of a probe can tell.</param>
/// <param name="InFlight">Requests to the host that are on their way.</param>
/// <param name="Slots">Requests that it may have at once.</param>
internal sealed record HostAnswer(string State, DateTimeOffset Since, string? Reason, DateTimeOffset? NextProbeAt, int InFlight, int Slots)
{
    public static HostAnswer Of(HostStatus status) =>
        new(JsonNamingPolicy.KebabCaseLower.ConvertName(status.State.ToString()), status.Since, status.Reason, status.NextProbeAt, status.InFlight, status.Slots);
}
