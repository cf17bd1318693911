namespace CioOrleans.Delivery;

/// <summary>Why a permit came back without a request. The numbers cross the wire: never renumber.</summary>
public enum UnusedReason : byte
{
    /// <summary>The queue is empty.</summary>
    NothingToSend = 0,

    /// <summary>The head belongs to another limit class than the hint said.</summary>
    ClassChanged = 1,

    /// <summary>The head is a merge, or a merge's barrier, and the other person's queue has not reached it yet.</summary>
    WaitsForMerge = 2,

    /// <summary>The permit ended before the request could be written.</summary>
    PermitExpired = 3,

    /// <summary>The outbox cannot be read or written at the moment.</summary>
    OutboxUnavailable = 4,

    /// <summary>The batch was refused as a whole, and who is to blame cannot be told: the call goes alone next.</summary>
    GoesAlone = 5,

    /// <summary>The batch was full without it.</summary>
    DidNotFit = 6,

    /// <summary>The customer's silo is about to stop; its grain moves.</summary>
    SiloStopping = 7,

    /// <summary>The head can never be written as a request; it is a dead letter now.</summary>
    Unsendable = 8,
}
