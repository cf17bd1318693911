namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// Order and repeats of what was processed, by the <c>seq</c> that the sender put into each call (top level, or in <c>data</c> or
/// <c>attributes</c>) and by event id.
/// </summary>
public sealed record OrderReport
{
    /// <summary>Operations that took effect: each v1 call, and each operation of a v2 request.</summary>
    public required long Processed { get; init; }

    /// <summary>Customers (and other ordering keys) seen.</summary>
    public required int Customers { get; init; }

    /// <summary>Different seqs, summed over customers.</summary>
    public required long DistinctSeqs { get; init; }

    /// <summary>Gaps between the lowest and the highest seq, summed over customers. What is lost at either end shows in <see cref="DistinctSeqs"/> only.</summary>
    public required long MissingSeqs { get; init; }

    /// <summary>New seqs below the highest already processed for that customer.</summary>
    public required long OrderViolations { get; init; }

    /// <summary>Seqs processed before for that customer.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Those of <see cref="Duplicates"/> that repeat something older than the customer's highest.</summary>
    public required long StaleDuplicates { get; init; }

    /// <summary>Duplicate events whose id is missing or not the one that came first: Customer.io would count them twice.</summary>
    public required long DuplicatesWithAnotherId { get; init; }

    /// <summary>Duplicates whose timestamp is not the one that came first.</summary>
    public required long DuplicatesWithAnotherTimestamp { get; init; }

    /// <summary>Different event ids.</summary>
    public required long DistinctEventIds { get; init; }

    /// <summary>Events whose id was processed before, whatever their seq.</summary>
    public required long EventIdDuplicates { get; init; }

    /// <summary>The first hundred order violations and duplicates.</summary>
    public required IReadOnlyList<OrderProblem> Problems { get; init; }
}
