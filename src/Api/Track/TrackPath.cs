using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Track;

/// <summary>A path of the Track API with its one or two methods.</summary>
internal sealed class TrackPath(params TrackOperation[] operations)
{
    /// <summary>The methods, as an <c>Allow</c> header lists them.</summary>
    public string Allow { get; } = string.Join(", ", operations.Select(o => o.Method));

    public TrackOperation? Find(string method)
    {
        foreach (var operation in operations)
        {
            if (operation.Method == method)
            {
                return operation;
            }
        }

        return null;
    }
}

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

/// <summary>The path of the Track API that a raw path names, with its raw parameters.</summary>
/// <param name="path">The path; null if the Track API does not have it.</param>
/// <param name="subject">The raw segment that names the person, the form, the segment or the delivery.</param>
/// <param name="device">The raw segment that names the device.</param>
internal readonly ref struct TrackMatch(TrackPath? path, ReadOnlySpan<char> subject = default, ReadOnlySpan<char> device = default)
{
    public TrackPath? Path { get; } = path;

    public ReadOnlySpan<char> Subject { get; } = subject;

    public ReadOnlySpan<char> Device { get; } = device;
}
