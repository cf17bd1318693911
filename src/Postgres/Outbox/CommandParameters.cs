using CioOrleans.Grains.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

internal static class CommandParameters
{
    /// <summary>Adds the next positional parameter; null is the database's null.</summary>
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.Parameters.Add(value is null
            ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = type }
            : new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return command;
    }

    /// <summary>Adds status and key of a cause as the next two positional parameters.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, FailureCause cause) =>
        command.With((short)cause.Status, NpgsqlDbType.Smallint).With(cause.Key, NpgsqlDbType.Bigint);

    /// <summary>Adds a list as the next positional parameter. The list may be filled later, and again.</summary>
    public static NpgsqlBatchCommand WithList<T>(this NpgsqlBatchCommand command, List<T> values, NpgsqlDbType elementType) =>
        command.With(values, NpgsqlDbType.Array | elementType);
}
