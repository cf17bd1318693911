namespace CioOrleans.Delivery;

/// <summary>What is known about a message whose repeat would be a second message.</summary>
public enum SendFate
{
    /// <summary>Customer.io has answered: it accepted or refused the message.</summary>
    Answered,

    /// <summary>The message was certainly not sent. It may be attempted again.</summary>
    NotSent,

    /// <summary>The message may have been sent. The dispatcher never repeats it by itself.</summary>
    Unknown,
}

/// <summary>What to do with a send at the head of its queue.</summary>
public enum SendStep
{
    /// <summary>No attempt has begun: store the mark, then send.</summary>
    Send,

    /// <summary>The answer is stored but the row still exists, as an earlier version could leave it. Store the end.</summary>
    Finish,

    /// <summary>An attempt had begun and its outcome is unknown. Make a dead letter of it.</summary>
    Bury,
}
