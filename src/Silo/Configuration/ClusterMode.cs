namespace CioOrleans.Silo.Configuration;

/// <summary>The role of a process in the cluster.</summary>
public enum ClusterMode
{
    /// <summary>Front-end and silo in one process. The only mode with SQLite; with PostgreSQL several such processes form a cluster.</summary>
    Embedded,

    /// <summary>A silo of a cluster, without a front-end (src/Silo).</summary>
    Silo,

    /// <summary>A front-end that is a client of silos in other processes (src/Api).</summary>
    Client,
}
