namespace CioOrleans.Attempts;

/// <summary>The result of one operation of a batch.</summary>
[GenerateSerializer, Immutable, Alias("cio.BatchItemResult")]
public abstract record BatchItemResult
{
    private BatchItemResult()
    {
    }

    /// <summary>Customer.io answered the whole request or this operation.</summary>
    /// <param name="Status">The status of this operation. An item that a 207 lists as an error has the status of an error.</param>
    /// <param name="Error">The error that the response gave for this operation; null on success.</param>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Answered")]
    public sealed record Answered([property: Id(0)] int Status, [property: Id(1)] string? Error) : BatchItemResult;

    /// <summary>No response came.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Unanswered")]
    public sealed record Unanswered([property: Id(0)] FailureKind Kind, [property: Id(1)] string Reason) : BatchItemResult;

    /// <summary>The batch did not decide this operation. It may be sent again.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Undecided")]
    public sealed record Undecided([property: Id(0)] UnusedReason Why) : BatchItemResult;
}
