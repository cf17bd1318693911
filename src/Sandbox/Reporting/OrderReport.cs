namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// The order and the repeats of the processed calls, by the <c>seq</c> that the sender put into each call (top level, or in <c>data</c> or
/// <c>attributes</c>) and by event id.
/// </summary>
public sealed record OrderReport
{
    /// <summary>Operations that took effect: each v1 call, and each operation of a v2 request.</summary>
    public required long Processed { get; init; }

    /// <summary>Customers and other ordering keys that occurred.</summary>
    public required int Customers { get; init; }

    /// <summary>Different seqs, summed over customers.</summary>
    public required long DistinctSeqs { get; init; }

    /// <summary>
    /// Gaps between the lowest and the highest seq, summed over customers. A loss before the lowest or after the highest seq shows in
    /// <see cref="DistinctSeqs"/> only.
    /// </summary>
    public required long MissingSeqs { get; init; }

    /// <summary>New seqs that are lower than the highest one processed before for that customer.</summary>
    public required long OrderViolations { get; init; }

    /// <summary>Calls whose seq was processed before for that customer.</summary>
    public required long Duplicates { get; init; }

    /// <summary>The <see cref="Duplicates"/> whose seq is lower than the customer's highest.</summary>
    public required long StaleDuplicates { get; init; }

    /// <summary>Duplicate events whose id is missing or differs from the first one. Customer.io would count them twice.</summary>
    public required long DuplicatesWithAnotherId { get; init; }

    /// <summary>Duplicates whose timestamp differs from the first one.</summary>
    public required long DuplicatesWithAnotherTimestamp { get; init; }

    /// <summary>Different event ids.</summary>
    public required long DistinctEventIds { get; init; }

    /// <summary>Events whose id was processed before, with any seq.</summary>
    public required long EventIdDuplicates { get; init; }

    /// <summary>The first hundred order violations and duplicates.</summary>
    public required IReadOnlyList<OrderProblem> Problems { get; init; }
}
