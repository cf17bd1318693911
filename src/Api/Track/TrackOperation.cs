using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Track;

/// <summary>One method of one path of the Track API.</summary>
internal sealed record TrackOperation(string Method, CallKind Kind, LimitClass LimitClass, OrderedBy OrderedBy, BodyRule Body)
{
    /// <summary>What opens the operation to callers without credentials; <see cref="AnonymousPaths.None"/> where nothing does.</summary>
    public AnonymousPaths OpenedBy { get; init; }

    /// <summary>Success is <c>204</c> without a body in place of <c>200 {}</c>.</summary>
    public bool AnswersNoContent { get; init; }

    /// <summary>Asked of Customer.io at once and never queued.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>How the operation reports a 400.</summary>
    public ErrorShape ErrorShape { get; init; } = ErrorShape.List;
}
