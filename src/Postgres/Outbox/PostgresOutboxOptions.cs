namespace CioOrleans.Postgres.Outbox;

/// <summary>How the outbox uses its database.</summary>
public sealed record PostgresOutboxOptions
{
    /// <summary>The number of writing connections, each with commits of its own; 1 to 8 (default: 1).</summary>
    public int Writers { get; init; } = 1;

    /// <summary>
    /// Whether opening runs the migrations, which needs the right to create tables. Otherwise opening only checks that they were run (default: true).
    /// </summary>
    public bool MigrateAtStart { get; init; } = true;
}
