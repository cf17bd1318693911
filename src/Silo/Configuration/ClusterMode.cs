namespace CioOrleans.Configuration;

/// <summary>What a process is in the cluster.</summary>
public enum ClusterMode
{
    /// <summary>Front-end and the only silo in one process.</summary>
    Embedded,

    /// <summary>One silo of several, with a front-end.</summary>
    Silo,

    /// <summary>A front-end that talks to silos elsewhere.</summary>
    Client,
}
