namespace CioOrleans.Configuration;

/// <summary>What a process is in the cluster.</summary>
public enum ClusterMode
{
    /// <summary>Front-end and silo in one process: the only one on SQLite, one of any number on PostgreSQL.</summary>
    Embedded,

    /// <summary>One silo of several, without a front-end (src/Silo).</summary>
    Silo,

    /// <summary>A front-end that talks to silos elsewhere (src/Api).</summary>
    Client,
}
