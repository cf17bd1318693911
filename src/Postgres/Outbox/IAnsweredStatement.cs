using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>A statement that returns rows.</summary>
internal interface IAnsweredStatement
{
    void OnRow(NpgsqlDataReader row);
}
