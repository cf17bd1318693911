namespace CioOrleans.Postgres.Outbox;

/// <summary>How the outbox uses its database.</summary>
public sealed record PostgresOutboxOptions
{
    /// <summary>The number of writing connections, each with commits of its own; 1 to 8 (default: 1).</summary>
    public int Writers { get; init; } = 1;

    /// <summary>The maximum number of connections that read; 1 to 100 (default: 8). Reads beyond it wait for each other.</summary>
    public int Readers { get; init; } = DefaultReaders;

    /// <summary>The default of <see cref="Readers"/>.</summary>
    public const int DefaultReaders = 8;

    /// <summary>
    /// Whether opening runs the migrations, which needs the right to create tables. Otherwise opening only checks that they were run (default: true).
    /// </summary>
    public bool MigrateAtStart { get; init; } = true;
}
