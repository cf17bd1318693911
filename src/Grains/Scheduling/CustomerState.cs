namespace CioOrleans.Scheduling;

/// <summary>What a customer that has work is doing. A customer without work has no entry.</summary>
internal enum CustomerState : byte
{
    /// <summary>Waits for a permit.</summary>
    Ready,

    /// <summary>Sends its head.</summary>
    InFlight,

    /// <summary>Its head is being stored as a dead letter.</summary>
    Settling,

    /// <summary>Its head waits for a moment: its back-off, or a short rest after something went wrong here.</summary>
    Waiting,

    /// <summary>Its head waits for the other person of a merge.</summary>
    Parked,
}
