using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Explaining;

/// <summary>What the workspace knows of a customer, and of what holds it.</summary>
/// <param name="Activity">What it has the customer do.</param>
/// <param name="DueIn">Waiting or parked: when that ends; null otherwise.</param>
/// <param name="Ahead">Ready: so many customers get a permit first; null otherwise, and where it stands too far behind to be counted.</param>
/// <param name="ReadyInLimit">Customers that wait for a permit of the same limit group, this one among them.</param>
/// <param name="MostTogether">So many customers' heads leave in one request at most.</param>
/// <param name="Limit">The limit group of its head; null where it has none.</param>
/// <param name="LimitOpensIn">When the next permit of that group can be granted; null where only the end of a request can tell.</param>
/// <param name="OperatorPause">Why an operator has paused the workspace; null where none has.</param>
/// <param name="Trouble">Why only probes are sent to the head's host; null where all is well.</param>
/// <param name="IsMisconfigured">Whether that trouble is of the workspace's settings, and will not pass by itself.</param>
/// <param name="ProbeIn">When the next probe goes; null where one is on its way, or all is well.</param>
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
