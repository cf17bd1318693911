namespace CioOrleans.Simulation;

internal enum OutageKind
{
    /// <summary>Every request is answered with 503.</summary>
    Errors,

    /// <summary>No request is ever answered.</summary>
    BlackHole,

    /// <summary>Packets vanish: no request arrives before it is given up. Some arrive afterwards, as <see cref="FaultMix.Late"/> says.</summary>
    Loss,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>Every request is answered with 401.</summary>
    WrongKey,
}
