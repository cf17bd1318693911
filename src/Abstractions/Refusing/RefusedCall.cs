namespace CioOrleans.Refusing;

/// <summary>A call that Customer.io would drop. Its request was answered 200 without it, as Customer.io answers it.</summary>
[GenerateSerializer, Immutable, Alias("cio.RefusedCall")]
public sealed record RefusedCall
{
    /// <summary>The largest part of a body that is kept, in bytes.</summary>
    public const int MaxBodyBytes = 32 * 1024;

    /// <summary>The id of the refusal. Its time is when the call was refused.</summary>
    [Id(0)]
    public required Ulid Id { get; init; }

    /// <summary>The type that the caller gave, such as <c>track</c>; null if there is none. At most 100 characters.</summary>
    [Id(1)]
    public string? Type { get; init; }

    [Id(2)]
    public required CallDefect Reason { get; init; }

    /// <summary>What is wrong, as a sentence. Contains nothing from the body.</summary>
    [Id(3)]
    public required string Problem { get; init; }

    /// <summary>The path of the request, without its query.</summary>
    [Id(4)]
    public required string Path { get; init; }

    /// <summary>The place in the batch, from 0; null outside of a batch.</summary>
    [Id(5)]
    public int? Index { get; init; }

    /// <summary>The caller's <c>messageId</c>; null if there is none. At most 200 characters.</summary>
    [Id(6)]
    public string? MessageId { get; init; }

    /// <summary>The ordering keys of the persons that the call names. The first is the one whose queue it would have joined.</summary>
    [Id(7)]
    public IReadOnlyList<string> Persons { get; init; } = [];

    /// <summary>The call as received, or its beginning if it is larger than <see cref="MaxBodyBytes"/>; empty in a page.</summary>
    [Id(8)]
    public byte[] Body { get; init; } = [];

    /// <summary>The size of the call as received, in bytes.</summary>
    [Id(9)]
    public required int Size { get; init; }

    /// <summary>Whether only the beginning of the call is kept.</summary>
    public bool IsCut => Size > MaxBodyBytes;
}

/// <summary>What is wrong with a Pipelines call.</summary>
public enum CallDefect
{
    /// <summary>It is not a JSON object.</summary>
    NoObject,

    /// <summary>It has no type, or one that Customer.io does not know.</summary>
    UnknownType,

    /// <summary>It is larger than Customer.io takes.</summary>
    TooLarge,

    /// <summary>It is nested too deep.</summary>
    TooDeep,

    /// <summary>A track call has no event name.</summary>
    NoEvent,

    /// <summary>An alias call does not name both ids.</summary>
    NoAliasIds,

    /// <summary>An identifier is too long or has characters that are not allowed.</summary>
    WrongIdentifier,

    /// <summary>A name or an identifier holds half of a surrogate pair.</summary>
    HalfCharacter,
}
