namespace CioOrleans.Sqlite.Outbox;

/// <summary>The outbox's file cannot be used. The message says in one line which file, why, and what to do.</summary>
public sealed class OutboxFileException : Exception
{
    public OutboxFileException(string message)
        : base(message)
    {
    }

    public OutboxFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
