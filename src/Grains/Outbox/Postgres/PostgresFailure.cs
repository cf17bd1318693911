using System.Text;
using Npgsql;

namespace CioOrleans.Outbox.Postgres;

/// <summary>What a failure means for the writes of a group.</summary>
internal static class PostgresFailure
{
    /// <summary>The server chose this transaction to break a deadlock: the same group will do the next time.</summary>
    public static bool IsDeadlock(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>Something with one of the writes (a key too long for an index, a customer whose row a twin has locked): the others can be stored.</summary>
    public static bool ConcernsOne(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => true,
        PostgresException postgres => postgres.SqlState[..2] is "21" or "22" or "23" or "54",
        NpgsqlException { InnerException: EncoderFallbackException } => true,
        NpgsqlException or IOException or TimeoutException or OperationCanceledException => false,
        _ => true,
    };

    /// <summary>
    /// Whether a transaction that failed so may have been committed: an error of a statement rolls it back; where the session ended, or the connection
    /// was lost, the commit's answer may have been on its way.
    /// </summary>
    public static bool MayBeStored(Exception exception) => exception is not PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>For the caller of the API, in one line.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "the outbox's disk is full",
        PostgresException postgres => $"the outbox cannot be written ({postgres.MessageText}, {postgres.SqlState})",
        _ => $"the outbox cannot be written ({exception.Message})",
    };
}
