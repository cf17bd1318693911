using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Discarding;

/// <summary>Which waiting calls an operator means. What is null restricts nothing; a merge's barrier is never meant.</summary>
[GenerateSerializer, Immutable, Alias("cio.CallFilter")]
public sealed record CallFilter
{
    /// <summary>One call by its id.</summary>
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

    /// <summary>Of an import.</summary>
    [Id(5)]
    public Ulid? Import { get; init; }

    /// <summary>Whether all calls are meant.</summary>
    public bool IsEmpty() => this == new CallFilter();

    /// <summary>The limit classes that are meant.</summary>
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
