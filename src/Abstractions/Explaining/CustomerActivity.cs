namespace CioOrleans.Explaining;

/// <summary>The state of a customer in its workspace's scheduler. The numbers cross the wire: never renumber.</summary>
public enum CustomerActivity : byte
{
    /// <summary>The workspace knows of no waiting call.</summary>
    Idle = 0,

    /// <summary>The customer waits for a permit.</summary>
    Ready = 1,

    /// <summary>The head is being sent.</summary>
    InFlight = 2,

    /// <summary>The head is being stored as a dead letter.</summary>
    Settling = 3,

    /// <summary>The head waits for the end of its back-off.</summary>
    Waiting = 4,

    /// <summary>The head waits for the other person of a merge.</summary>
    Parked = 5,

    /// <summary>A dead letter holds the queue.</summary>
    Held = 6,
}
