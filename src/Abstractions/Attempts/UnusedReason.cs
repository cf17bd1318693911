namespace CioOrleans.Attempts;

/// <summary>Why a permit was returned without a request. The numbers cross the wire: never renumber.</summary>
public enum UnusedReason : byte
{
    /// <summary>The queue is empty.</summary>
    NothingToSend = 0,

    /// <summary>The head's limit class is not the one that the workspace knew.</summary>
    ClassChanged = 1,

    /// <summary>The head is a merge or a merge's barrier, and the other person's queue has not reached it yet.</summary>
    WaitsForMerge = 2,

    /// <summary>The permit ended before the request could be written.</summary>
    PermitExpired = 3,

    /// <summary>The outbox cannot be read or written now.</summary>
    OutboxUnavailable = 4,

    /// <summary>Customer.io refused the batch as a whole without naming the wrong call. The call is sent alone next.</summary>
    GoesAlone = 5,

    /// <summary>The batch had no room for the call.</summary>
    DidNotFit = 6,

    /// <summary>The customer's silo is stopping; its grain moves to another silo.</summary>
    SiloStopping = 7,

    /// <summary>The head can never be written as a request. It is a dead letter now.</summary>
    Unsendable = 8,

    /// <summary>The head ended without an attempt, or another call is the head than the one that the workspace meant.</summary>
    HeadEnded = 9,
}
