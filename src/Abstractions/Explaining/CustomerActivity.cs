namespace CioOrleans.Explaining;

/// <summary>What the workspace has a customer do. The numbers cross the wire: never renumber.</summary>
public enum CustomerActivity : byte
{
    /// <summary>Nothing is known to wait.</summary>
    Idle = 0,

    /// <summary>Waits for a permit.</summary>
    Ready = 1,

    /// <summary>Sends the head of its queue.</summary>
    InFlight = 2,

    /// <summary>Its head is being stored as a dead letter.</summary>
    Settling = 3,

    /// <summary>Its head waits for its back-off.</summary>
    Waiting = 4,

    /// <summary>Its head waits for the other person of a merge.</summary>
    Parked = 5,
}
