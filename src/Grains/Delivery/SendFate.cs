namespace CioOrleans.Delivery;

/// <summary>What may be concluded about a message whose repeat would be a second message.</summary>
public enum SendFate
{
    /// <summary>Customer.io has decided: sent, or refused.</summary>
    Answered,

    /// <summary>It certainly did not go out: it may be tried again.</summary>
    NotSent,

    /// <summary>It may have gone out. Never to be repeated by itself.</summary>
    Unknown,
}

/// <summary>What to do with a send at the head of its queue.</summary>
public enum SendStep
{
    /// <summary>No attempt has begun: mark it as begun, then send it.</summary>
    Send,

    /// <summary>Its answer is stored, and its row has not gone: a version before this one left it so. Store the end.</summary>
    Finish,

    /// <summary>An attempt had begun and its outcome is unknown: it becomes a dead letter.</summary>
    Bury,
}
