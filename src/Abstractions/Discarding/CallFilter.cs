using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Discarding;

/// <summary>Selects waiting calls for an operator. A null property restricts nothing. A merge's barrier is never selected.</summary>
[GenerateSerializer, Immutable, Alias("cio.CallFilter")]
public sealed record CallFilter
{
    /// <summary>The id of one call.</summary>
    [Id(0)]
    public Ulid? CallId { get; init; }

    [Id(1)]
    public CallKind? Kind { get; init; }

    [Id(2)]
    public LimitClass? LimitClass { get; init; }

    /// <summary>The host that the call is for.</summary>
    [Id(3)]
    public UpstreamHost? Host { get; init; }

    /// <summary>Accepted before this moment (UTC).</summary>
    [Id(4)]
    public DateTimeOffset? AcceptedBefore { get; init; }

    /// <summary>The import that the call belongs to.</summary>
    [Id(5)]
    public Ulid? Import { get; init; }

    /// <summary>Whether the filter selects all calls.</summary>
    public bool IsEmpty() => this == new CallFilter();

    /// <summary>The limit classes that the filter selects.</summary>
    public IReadOnlyList<LimitClass> GetClasses() => [.. Enum.GetValues<LimitClass>().Where(MeansClass)];

    public bool Matches(Call call) =>
        call.Kind != CallKind.MergeBarrier
        && (CallId is null || call.Id == CallId)
        && (Kind is null || call.Kind == Kind)
        && MeansClass(call.LimitClass)
        && (AcceptedBefore is null || call.AcceptedAt < AcceptedBefore)
        && (Import is null || call.Notes.Import == Import);

    private bool MeansClass(LimitClass limitClass) => (LimitClass is null || limitClass == LimitClass) && (Host is null || limitClass.ToHost() == Host);
}
