using CioOrleans.Api.Answers;
using CioOrleans.Calls;

namespace CioOrleans.Api.Track;

/// <summary>Reads the identifier that a path names.</summary>
internal static class PathIdentifier
{
    /// <summary>The decoded identifier in the path; null if the operation has none or it is refused.</summary>
    public static string? Read(TrackOperation operation, TrackMatch match, out Refusal? refusal)
    {
        var value = "";
        var problem = operation.OrderedBy switch
        {
            OrderedBy.Person => PathSegment.Decode(match.Subject, "The person's identifier", CallLimits.MaxPersonBytes, out value),
            OrderedBy.Form => PathSegment.Decode(match.Subject, "The form's id", IdentifierRules.MaxOtherBytes, out value),
            OrderedBy.Delivery => PathSegment.Decode(match.Subject, "The delivery's id", IdentifierRules.MaxOtherBytes, out value),
            OrderedBy.Segment => ReadSegment(match.Subject, out value),
            _ => null,
        };

        // The device does not select the queue. It only has to be valid.
        if (problem is null && operation.Kind == Calls.CallKind.DeleteDevice)
        {
            problem = PathSegment.Decode(match.Device, "The device's id", int.MaxValue, out _);
        }

        refusal = problem is null ? null : Refusal.BadRequest(problem);
        return problem is null && value.Length > 0 ? value : null;
    }

    private static string? ReadSegment(ReadOnlySpan<char> raw, out string value) =>
        PathSegment.Decode(raw, "The segment's id", IdentifierRules.MaxOtherBytes, out value)
        ?? (value.AsSpan().ContainsAnyExceptInRange('0', '9') ? "The segment's id in the path is not a whole number. Take it from the segment's page, under Usage." : null);
}
