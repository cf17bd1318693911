namespace CioOrleans.Delivery;

/// <summary>
/// The rule for sends and broadcasts. They have no idempotency key, so Customer.io cannot recognise a repeat. A message that may have been sent counts as sent.
/// </summary>
public static class AtMostOnce
{
    /// <summary>The beginning of a dead letter's reason if the outcome is unknown, for operators.</summary>
    public const string UnknownOutcome = "outcome unknown, the message may have been sent: ";

    /// <summary>The reason for an unknown outcome if the end of the attempt was never stored.</summary>
    public const string Interrupted = "the request had begun to leave, and its end was never recorded";

    /// <summary>What to do with a send that is the head of its queue.</summary>
    /// <param name="hasBegun">Whether the send's row has the mark of an attempt.</param>
    /// <param name="hasAnswer">Whether Customer.io's answer to the send is stored.</param>
    public static SendStep Next(bool hasBegun, bool hasAnswer) =>
        !hasBegun ? SendStep.Send : hasAnswer ? SendStep.Finish : SendStep.MakeDeadLetter;
}

/// <summary>What to do with a send at the head of its queue.</summary>
public enum SendStep
{
    /// <summary>No attempt has begun: store the mark, then send.</summary>
    Send,

    /// <summary>The answer is stored but the row still exists, as an earlier version could leave it. Store the end.</summary>
    Finish,

    /// <summary>An attempt had begun and its outcome is unknown. Make a dead letter of it.</summary>
    MakeDeadLetter,
}
