using System.Collections.Immutable;

namespace CioOrleans.Calls;

/// <summary>Data that the dispatcher stores with a call and never sends.</summary>
[GenerateSerializer, Immutable, Alias("cio.CallNotes")]
public sealed record CallNotes
{
    /// <summary>No notes.</summary>
    public static CallNotes None { get; } = new();

    /// <summary>The duplicate keys of the call. Default: none.</summary>
    [Id(0)]
    public ImmutableArray<NotedKey> Keys { get; init; } = [];

    /// <summary>The import that the call belongs to; null if it belongs to none.</summary>
    [Id(1)]
    public Ulid? Import { get; init; }

    /// <summary>
    /// The W3C trace context under which the call was accepted (<see cref="TraceParents"/>), so that its attempts are part of the caller's trace, after a
    /// restart too; null if there is none.
    /// </summary>
    [Id(2)]
    public string? TraceParent { get; init; }

    /// <summary>Whether there are duplicate keys.</summary>
    public bool HasKeys => !Keys.IsEmpty;

    /// <summary>Whether the call has the key, with any <see cref="CallNote"/>.</summary>
    public bool Contains(DuplicateKey key)
    {
        foreach (var noted in Keys)
        {
            if (noted.Key == key)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(CallNotes? other) => other is not null && Import == other.Import && TraceParent == other.TraceParent && Keys.AsSpan().SequenceEqual(other.Keys.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Import, Keys.Length);
}

/// <summary>A duplicate key of a call.</summary>
/// <param name="Note">How the key is meant.</param>
/// <param name="Key">The key.</param>
[GenerateSerializer, Immutable, Alias("cio.NotedKey")]
public readonly record struct NotedKey([property: Id(0)] CallNote Note, [property: Id(1)] DuplicateKey Key);

/// <summary>How a call's <see cref="DuplicateKey"/> is used. The numbers cross the wire: never renumber.</summary>
public enum CallNote : byte
{
    /// <summary>The caller named the call. A call whose key is known is a duplicate.</summary>
    Key = 0,

    /// <summary>The key of the whole request. It is remembered, but an equal request is not a duplicate by itself.</summary>
    Request = 1,

    /// <summary>The key of the whole request, and the caller says that this is a repeat. The call is a duplicate if the key is known.</summary>
    RepeatedRequest = 2,
}
