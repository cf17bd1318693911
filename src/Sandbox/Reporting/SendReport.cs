namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// What became of messages and broadcasts, told apart by what the sender put into <c>message_data.seq</c> (of a broadcast: <c>data.seq</c>).
/// </summary>
public sealed record SendReport
{
    /// <summary>Messages that went out, repeats and those without a seq among them.</summary>
    public required long Sent { get; init; }

    /// <summary>Different seqs.</summary>
    public required long Distinct { get; init; }

    /// <summary>Seqs that went out more than once.</summary>
    public required long SentTwice { get; init; }

    /// <summary>The first hundred of them.</summary>
    public required IReadOnlyList<string> Twice { get; init; }
}
