namespace CioOrleans.Grains.Scheduling;

/// <summary>The state of a customer that has work. A customer without work has no entry.</summary>
internal enum CustomerState : byte
{
    /// <summary>The customer waits for a permit.</summary>
    Ready,

    /// <summary>The head is being sent.</summary>
    InFlight,

    /// <summary>The head is being stored as a dead letter.</summary>
    Settling,

    /// <summary>The head waits for a moment: the end of its back-off, or of a short rest after a failure on the dispatcher's side.</summary>
    Waiting,

    /// <summary>The head waits for the other person of a merge.</summary>
    Parked,
}
