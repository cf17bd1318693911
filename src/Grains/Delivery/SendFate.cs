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
