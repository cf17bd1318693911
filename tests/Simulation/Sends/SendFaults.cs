namespace CioOrleans.Simulation.Sends;

/// <summary>What goes wrong between callers, silos, the store and Customer.io. Shares are of each operation, 0 to 1.</summary>
internal sealed record SendFaults
{
    public static SendFaults None { get; } = new();

    /// <summary>Nothing is stored, and that is said.</summary>
    public double CommitRefused { get; init; }

    /// <summary>Everything is stored, and the writer is told that the commit failed.</summary>
    public double CommitAnswerLost { get; init; }

    /// <summary>A commit takes up to seconds: its writer is taken for lost meanwhile.</summary>
    public double CommitSlow { get; init; }

    /// <summary>The caller of a grain gets no answer; the grain has carried the call out.</summary>
    public double GrainAnswerLost { get; init; }

    /// <summary>A call to a queue's grain reaches an activation on another silo than the one before: a twin.</summary>
    public double Twin { get; init; }

    /// <summary>The mean time between two crashes of a silo; zero for none.</summary>
    public TimeSpan Crashes { get; init; }

    /// <summary>The answer of Customer.io is lost, half of the time after the message went out.</summary>
    public double ResponseLost { get; init; }

    /// <summary>A 500, half of the time after the message went out.</summary>
    public double ServerError { get; init; }

    public double Unreachable { get; init; }

    public double Throttled { get; init; }

    public double Refused { get; init; }

    public static SendFaults Everything { get; } = new()
    {
        CommitRefused = 0.05,
        CommitAnswerLost = 0.05,
        CommitSlow = 0.02,
        GrainAnswerLost = 0.1,
        Twin = 0.2,
        Crashes = TimeSpan.FromSeconds(2),
        ResponseLost = 0.03,
        ServerError = 0.03,
        Unreachable = 0.05,
        Throttled = 0.05,
        Refused = 0.05,
    };

    /// <summary>Commits that take seconds while other activations go on, and silos that die in between.</summary>
    public static SendFaults SlowTwins { get; } = new()
    {
        CommitAnswerLost = 0.02,
        CommitSlow = 0.25,
        Twin = 0.6,
        Crashes = TimeSpan.FromMilliseconds(400),
        Throttled = 0.1,
    };
}

/// <summary>A defect that is put into the model to see whether it is found.</summary>
internal enum SendDefect
{
    None,

    /// <summary>The store does not remember keys: only what an activation has in memory tells a repeat.</summary>
    ForgetsKeys,

    /// <summary>The key is bound in a commit of its own, after the one that stores the send.</summary>
    BindsInASecondCommit,

    /// <summary>The key is looked up before the send is stored, and the commit does not look again.</summary>
    LooksOnlyBefore,

    /// <summary>An attempt is not marked before it begins.</summary>
    DoesNotMark,

    /// <summary>An answer is stored in a commit of its own, before the one that removes the send.</summary>
    AnswersApart,

    /// <summary>A mark says only that an attempt has begun: any attempt sets and clears it.</summary>
    MarksWithoutName,
}
