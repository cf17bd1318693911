using CioOrleans.Api.Bodies;
using CioOrleans.Configuration;

namespace CioOrleans.Api.TrackV2;

/// <summary>
/// Adds an id and a timestamp to an operation, which make its repeats harmless. The additions follow the opening brace. The rest is copied byte for byte.
/// </summary>
internal static class OperationStamper
{
    /// <summary>The operation to send.</summary>
    /// <param name="body">The request's body, which contains the operation.</param>
    /// <param name="facts">What <see cref="OperationReader"/> found.</param>
    /// <param name="settings">The workspace's settings for what to add.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="acceptedAt">When the call was accepted.</param>
    public static byte[] Stamp(ReadOnlySpan<byte> body, in OperationFacts facts, StampingSettings settings, Ulid id, DateTimeOffset acceptedAt)
    {
        Span<byte> additions = stackalloc byte[BodyStamper.MaxAdditions];
        var length = 0;
        if (facts.IsEvent && settings.EventId && !facts.HasId)
        {
            length = BodyStamper.AddId(additions, id);
        }

        var isTimed = facts.IsEvent ? settings.EventTimestamp : facts is { Type: EntityType.Person, Action: OperationAction.Identify } && settings.IdentifyTimestamp;
        if (isTimed && !facts.HasTimestamp)
        {
            length += BodyStamper.AddTimestamp(additions[length..], "\"timestamp\":"u8, acceptedAt);
        }

        var operation = body[facts.Start..facts.End];

        // A valid operation has members, so a member always follows the last addition's comma.
        return length == 0 ? operation.ToArray() : BodyStamper.Splice(operation, facts.ContentStart - facts.Start, additions[..length]);
    }
}
