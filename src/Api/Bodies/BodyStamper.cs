using System.Buffers.Text;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Bodies;

/// <summary>
/// Adds an id and a timestamp to a body, which make its repeats harmless. The additions follow the opening brace. The rest is copied byte for byte.
/// </summary>
internal static class BodyStamper
{
    /// <summary>The most bytes that are added to one body.</summary>
    internal const int MaxAdditions = 96;

    /// <summary>The body to send.</summary>
    /// <param name="body">A valid body.</param>
    /// <param name="rule">What kind of body it is; only events and identify calls are stamped.</param>
    /// <param name="facts">What <see cref="BodyValidator"/> found in it.</param>
    /// <param name="settings">The workspace's settings for what to add.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="acceptedAt">When the call was accepted.</param>
    public static byte[] Stamp(ReadOnlySpan<byte> body, BodyRule rule, in BodyFacts facts, StampingSettings settings, Ulid id, DateTimeOffset acceptedAt)
    {
        Span<byte> additions = stackalloc byte[MaxAdditions];
        var length = 0;
        switch (rule)
        {
            case BodyRule.Event or BodyRule.AnonymousEvent:
                if (settings.EventId && !facts.HasId)
                {
                    length = AddId(additions, id);
                }

                if (settings.EventTimestamp && !facts.HasTimestamp)
                {
                    length += AddTimestamp(additions[length..], "\"timestamp\":"u8, acceptedAt);
                }

                break;
            case BodyRule.Identify when settings.IdentifyTimestamp && !facts.HasTimestamp:
                length = AddTimestamp(additions, "\"_timestamp\":"u8, acceptedAt);
                break;
        }

        // Every addition ends with a comma. In an empty object no member follows, so the last comma is left out.
        return length == 0 ? body.ToArray() : Splice(body, facts.ContentStart, additions[..(facts.IsEmptyObject ? length - 1 : length)]);
    }

    /// <summary>Writes an event's <c>id</c> member and a comma. Returns the length in bytes.</summary>
    internal static int AddId(Span<byte> target, Ulid id)
    {
        "\"id\":\""u8.CopyTo(target);
        id.TryWriteStringify(target[6..]);
        "\","u8.CopyTo(target[32..]);
        return 34;
    }

    /// <summary>
    /// Writes a timestamp, in whole seconds, under <paramref name="name"/> (quoted, with its colon), and a comma. Returns the length in bytes.
    /// </summary>
    internal static int AddTimestamp(Span<byte> target, ReadOnlySpan<byte> name, DateTimeOffset acceptedAt)
    {
        name.CopyTo(target);
        Utf8Formatter.TryFormat(acceptedAt.ToUnixTimeSeconds(), target[name.Length..], out var digits);
        target[name.Length + digits] = (byte)',';
        return name.Length + digits + 1;
    }

    /// <summary>Copies the body and inserts the additions at an offset.</summary>
    internal static byte[] Splice(ReadOnlySpan<byte> body, int at, ReadOnlySpan<byte> additions)
    {
        var stamped = GC.AllocateUninitializedArray<byte>(body.Length + additions.Length);
        body[..at].CopyTo(stamped);
        additions.CopyTo(stamped.AsSpan(at));
        body[at..].CopyTo(stamped.AsSpan(at + additions.Length));
        return stamped;
    }
}
