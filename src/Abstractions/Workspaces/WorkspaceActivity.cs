using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

/// <summary>A workspace now, and what it did in each of the last seconds.</summary>
/// <param name="Status">The workspace. Waiting calls and dead letters are those of <paramref name="CountedAt"/>.</param>
/// <param name="At">When this was read, by the owner's clock (UTC).</param>
/// <param name="CountedAt">When waiting calls and dead letters were counted (UTC); null before the first count.</param>
/// <param name="OldestAcceptedAt">When the oldest waiting call was accepted; null if no call waits, or that is not known.</param>
/// <param name="Lease">The owner's lease; null if it is not held.</param>
/// <param name="Series">The seconds.</param>
[GenerateSerializer, Immutable, Alias("cio.WorkspaceActivity")]
public sealed record WorkspaceActivity(
    [property: Id(0)] WorkspaceStatus Status,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] DateTimeOffset? CountedAt,
    [property: Id(3)] DateTimeOffset? OldestAcceptedAt,
    [property: Id(4)] OwnerLease? Lease,
    [property: Id(5)] ActivitySeries Series);

/// <summary>The lease of a workspace's owner.</summary>
/// <param name="HeldFor">How long the owner has held it.</param>
/// <param name="RenewedFor">The time since its last renewal.</param>
/// <param name="EndsIn">The time until it ends unless it is renewed; negative once it has ended.</param>
[GenerateSerializer, Immutable, Alias("cio.OwnerLease")]
public sealed record OwnerLease([property: Id(0)] TimeSpan HeldFor, [property: Id(1)] TimeSpan RenewedFor, [property: Id(2)] TimeSpan EndsIn);

/// <summary>What a workspace did in each of some whole seconds. All lists have one entry for each second.</summary>
/// <param name="FirstSecond">The first second, since 1970.</param>
/// <param name="Accepted">Calls that joined the queue, from the counts of waiting calls. The latest seconds are zero until the next count.</param>
/// <param name="Delivered">Calls that Customer.io accepted.</param>
/// <param name="DeadLettered">Calls that became dead letters.</param>
/// <param name="Failed">Attempts that failed, and responses with 429.</param>
/// <param name="Saved">Requests that batching saved: the calls of a request but one.</param>
/// <param name="Queued">Waiting calls, interpolated between two counts. The latest seconds have the last count.</param>
/// <param name="Limits">One entry for each limit group.</param>
[GenerateSerializer, Immutable, Alias("cio.ActivitySeries")]
public sealed record ActivitySeries(
    [property: Id(0)] long FirstSecond,
    [property: Id(1)] IReadOnlyList<int> Accepted,
    [property: Id(2)] IReadOnlyList<int> Delivered,
    [property: Id(3)] IReadOnlyList<int> DeadLettered,
    [property: Id(4)] IReadOnlyList<int> Failed,
    [property: Id(5)] IReadOnlyList<int> Saved,
    [property: Id(6)] IReadOnlyList<int> Queued,
    [property: Id(7)] IReadOnlyList<LimitSeries> Limits)
{
    /// <summary>How many seconds an owner remembers.</summary>
    public const int MaxSeconds = 900;
}

/// <summary>The requests of one limit group in each second.</summary>
/// <param name="Classes">The classes of the group.</param>
/// <param name="Permits">The group's tightest limit: this many requests…</param>
/// <param name="Window">…in any window of this length.</param>
/// <param name="Requests">Requests that ended in the second. A request arrives at Customer.io before it ends.</param>
/// <param name="Most">The most requests that ended within any window that ends in the second.</param>
/// <param name="NextIn">The time until a token is free; zero if one is, null if that depends on the end of a request.</param>
[GenerateSerializer, Immutable, Alias("cio.LimitSeries")]
public sealed record LimitSeries(
    [property: Id(0)] IReadOnlyList<LimitClass> Classes,
    [property: Id(1)] int Permits,
    [property: Id(2)] TimeSpan Window,
    [property: Id(3)] IReadOnlyList<int> Requests,
    [property: Id(4)] IReadOnlyList<int> Most,
    [property: Id(5)] TimeSpan? NextIn);
