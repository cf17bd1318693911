namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// The messages and broadcasts that were sent and the jobs that were started, identified by what the sender put into <c>message_data.seq</c> (of a broadcast:
/// <c>data.seq</c>; of a job: <c>seq</c> in its body or in an object of its body).
/// </summary>
public sealed record SendReport
{
    /// <summary>Messages that were sent, including repeats and messages without a seq.</summary>
    public required long Sent { get; init; }

    /// <summary>Different seqs.</summary>
    public required long Distinct { get; init; }

    /// <summary>Seqs that were sent more than once.</summary>
    public required long SentTwice { get; init; }

    /// <summary>The first hundred of them.</summary>
    public required IReadOnlyList<string> Twice { get; init; }
}
