namespace CioOrleans.Sandbox.Calls;

/// <summary>What the sandbox reads from a v1 body, in one pass without building a document.</summary>
internal record struct BodyFacts
{
    public BodyShape Shape;

    /// <summary>The <c>seq</c>, at the top level or in <c>data</c> or <c>attributes</c>; null if there is none.</summary>
    public long? Seq;

    /// <summary>A hash of the top-level <c>id</c>; 0 when there is none.</summary>
    public ulong Id;

    /// <summary>A hash of <c>timestamp</c> or <c>_timestamp</c> as it was written; 0 when there is none.</summary>
    public ulong Timestamp;

    /// <summary>The length of <c>name</c> in bytes; 0 when there is none.</summary>
    public int NameLength;

    /// <summary>The length of <c>data</c> in bytes, as written.</summary>
    public long DataLength;

    /// <summary>Whether <c>type</c> is <c>page</c> or <c>screen</c>.</summary>
    public bool IsView;

    public string? AnonymousId;
}
