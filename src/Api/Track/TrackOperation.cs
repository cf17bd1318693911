using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Track;

/// <summary>One method of one path of the Track API.</summary>
internal sealed record TrackOperation(string Method, CallKind Kind, LimitClass LimitClass, OrderedBy OrderedBy, BodyRule Body)
{
    /// <summary>The setting that opens the operation to callers without credentials (default: <see cref="AnonymousPaths.None"/>, always closed).</summary>
    public AnonymousPaths OpenedBy { get; init; }

    /// <summary>True if success is answered with <c>204</c> and no body instead of <c>200 {}</c> (default: false).</summary>
    public bool AnswersNoContent { get; init; }

    /// <summary>True if requests are passed through to Customer.io and never queued (default: false).</summary>
    public bool IsForwarded { get; init; }

    /// <summary>The form in which the operation reports a 400 (default: <see cref="ErrorShape.List"/>).</summary>
    public ErrorShape ErrorShape { get; init; } = ErrorShape.List;
}
