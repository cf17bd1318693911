using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Explaining;

/// <summary>What the workspace knows about a customer, and why its head waits.</summary>
/// <param name="Activity">The customer's state.</param>
/// <param name="DueIn">For a waiting or parked customer: the time until that ends; otherwise null.</param>
/// <param name="Ahead">For a ready customer: how many customers get a permit first; null otherwise, and if the customer is too far back to be counted.</param>
/// <param name="ReadyInLimit">Customers that wait for a permit of the same limit group, including this one.</param>
/// <param name="MostTogether">The maximum number of customers' heads in one request.</param>
/// <param name="Limit">The limit group of the head; null if it has none.</param>
/// <param name="LimitOpensIn">The time until the next permit of that group can be granted; null if that depends on the end of a request.</param>
/// <param name="OperatorPause">Why an operator has paused the workspace; null if it is not paused.</param>
/// <param name="Trouble">Why only probes are sent to the head's host; null if the host is normal.</param>
/// <param name="IsMisconfigured">Whether the trouble is in the workspace's settings and needs an operator.</param>
/// <param name="ProbeIn">The time until the next probe; null if a probe is in flight or the host is normal.</param>
/// <param name="Host">The host that the head is for.</param>
[GenerateSerializer, Immutable, Alias("cio.CustomerStanding")]
public sealed record CustomerStanding(
    [property: Id(0)] CustomerActivity Activity,
    [property: Id(1)] TimeSpan? DueIn,
    [property: Id(2)] int? Ahead,
    [property: Id(3)] int ReadyInLimit,
    [property: Id(4)] int MostTogether,
    [property: Id(5)] LimitStatus? Limit,
    [property: Id(6)] TimeSpan? LimitOpensIn,
    [property: Id(7)] string? OperatorPause,
    [property: Id(8)] string? Trouble,
    [property: Id(9)] bool IsMisconfigured,
    [property: Id(10)] TimeSpan? ProbeIn,
    [property: Id(11)] UpstreamHost Host = UpstreamHost.Track);
