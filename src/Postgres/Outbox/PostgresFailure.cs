using System.Text;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>The meaning of a failure for the writes of a group.</summary>
internal static class PostgresFailure
{
    /// <summary>The server aborted this transaction to break a deadlock. The same group will succeed the next time.</summary>
    public static bool IsDeadlock(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>
    /// Whether the error concerns one of the writes (a key too long for an index, a customer whose row a twin has locked). The others can be stored.
    /// </summary>
    public static bool ConcernsOne(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => true,
        PostgresException postgres => postgres.SqlState[..2] is "21" or "22" or "23" or "54",
        NpgsqlException { InnerException: EncoderFallbackException } => true,
        NpgsqlException or IOException or TimeoutException or OperationCanceledException => false,
        _ => true,
    };

    /// <summary>
    /// Whether a transaction with this failure may have been committed. An error of a statement rolls it back. If the session ended or the connection was lost,
    /// the answer of the commit may have been lost.
    /// </summary>
    public static bool MayBeStored(Exception exception) => exception is not PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>The reason for the caller of the API, in one line.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "the outbox's disk is full",
        PostgresException postgres => $"the outbox cannot be written ({postgres.MessageText}, {postgres.SqlState})",
        _ => $"the outbox cannot be written ({exception.Message})",
    };
}
