using System.Text.Json.Serialization;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Grains.History;

/// <summary>What the history records besides requests and ends: under which rules the rows were made, and what is missing.</summary>
/// <param name="At">In microseconds since 1970 on the lease clock.</param>
[JsonDerivedType(typeof(OwnerStarted), "started")]
[JsonDerivedType(typeof(OwnerStopped), "stopped")]
[JsonDerivedType(typeof(RowsDropped), "dropped")]
[JsonDerivedType(typeof(RowsDeleted), "deleted")]
public abstract record HistoryNote(long At)
{
    /// <summary>An owner may send from now on.</summary>
    /// <param name="At">When it took its lease.</param>
    /// <param name="Epoch">Its epoch.</param>
    /// <param name="Kept">Which attempts are kept.</param>
    /// <param name="TokenReturn">When tokens come back.</param>
    /// <param name="Groups">The limits in force.</param>
    /// <param name="LongestRequest">The longest time from a grant to the end of its request.</param>
    public sealed record OwnerStarted(
        long At, long Epoch, KeptAttempts Kept, TokenReturn TokenReturn, IReadOnlyList<LimitGroupSettings> Groups, TimeSpan LongestRequest) : HistoryNote(At);

    /// <summary>An owner stopped in good order: every request under its epoch had ended, and its row was posted.</summary>
    public sealed record OwnerStopped(long At, long Epoch) : HistoryNote(At);

    /// <summary>Rows could not be stored.</summary>
    /// <param name="At">When rows were stored again.</param>
    /// <param name="From">The time of the first row that is missing.</param>
    /// <param name="Count">How many are missing; 0 while that is not known.</param>
    public sealed record RowsDropped(long At, long From, long Count) : HistoryNote(At);

    /// <summary>The oldest rows were deleted.</summary>
    /// <param name="At">No row of an earlier time is left.</param>
    public sealed record RowsDeleted(long At) : HistoryNote(At);
}

/// <summary>Which attempts the history keeps.</summary>
public enum KeptAttempts : byte
{
    /// <summary>All.</summary>
    All = 0,

    /// <summary>Those that did not deliver.</summary>
    Failed = 1,

    /// <summary>None.</summary>
    Off = 2,
}

/// <summary>Of which recorded requests the bodies are kept.</summary>
public enum KeptBodies : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Those that did not deliver.</summary>
    Failed = 1,

    /// <summary>All that are recorded.</summary>
    All = 2,
}
