namespace CioOrleans.Postgres.Outbox;

/// <summary>The outbox's database cannot be used. The message says in one line why, and what to do.</summary>
public sealed class OutboxDatabaseException : Exception
{
    public OutboxDatabaseException(string message)
        : base(message)
    {
    }

    public OutboxDatabaseException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
