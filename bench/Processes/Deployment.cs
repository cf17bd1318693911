namespace CioOrleans.Bench.Processes;

/// <summary>How the dispatcher is deployed.</summary>
internal enum Deployment
{
    /// <summary>One process, its outbox in a file.</summary>
    Sqlite,

    /// <summary>One process, its outbox in PostgreSQL on the same machine.</summary>
    Postgres,

    /// <summary>A front-end and one silo, processes of their own, and PostgreSQL, all on the same machine.</summary>
    FrontEnd,
}
