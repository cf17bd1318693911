using CioOrleans.Api.Bodies;
using CioOrleans.Configuration;

namespace CioOrleans.Api.TrackV2;

/// <summary>Adds to an operation what makes its repeats harmless, right behind its opening brace. The rest stays byte for byte.</summary>
internal static class OperationStamper
{
    /// <summary>The operation to send.</summary>
    /// <param name="body">The request's body, in which the operation stands.</param>
    /// <param name="facts">What <see cref="OperationReader"/> found.</param>
    /// <param name="settings">What the workspace wants added.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="acceptedAt">When it was accepted.</param>
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

        // A valid operation has members, so the last addition's comma always parts it from one.
        return length == 0 ? operation.ToArray() : BodyStamper.Splice(operation, facts.ContentStart - facts.Start, additions[..length]);
    }
}
