namespace CioOrleans.Delivery;

/// <summary>What became of one operation of a batch.</summary>
[GenerateSerializer, Immutable, Alias("cio.BatchItemResult")]
public abstract record BatchItemResult
{
    private BatchItemResult()
    {
    }

    /// <summary>A response, to the whole request or to this operation.</summary>
    /// <param name="Status">The status that counts for this operation: an item that a 207 names has that of an error.</param>
    /// <param name="Error">What the response said of it; null on success.</param>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Answered")]
    public sealed record Answered([property: Id(0)] int Status, [property: Id(1)] string? Error) : BatchItemResult;

    /// <summary>No response came.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Unanswered")]
    public sealed record Unanswered([property: Id(0)] FailureKind Kind, [property: Id(1)] string Reason) : BatchItemResult;

    /// <summary>Nothing became of it, and it may go again.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Undecided")]
    public sealed record Undecided([property: Id(0)] UnusedReason Why) : BatchItemResult;
}
