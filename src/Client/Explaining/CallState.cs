namespace CioOrleans.Client.Explaining;

/// <summary>Where a call is.</summary>
public enum CallState
{
    /// <summary>It is being sent.</summary>
    InFlight,

    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It failed and is tried again.</summary>
    WaitingForRetry,

    /// <summary>It was given up.</summary>
    DeadLetter,

    /// <summary>It waits nowhere: it was delivered or discarded, or there never was one.</summary>
    DeliveredOrUnknown,

    /// <summary>It waits behind a dead letter that holds its customer's queue.</summary>
    Held,
}
