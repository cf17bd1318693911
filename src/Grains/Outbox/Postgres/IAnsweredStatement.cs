using Npgsql;

namespace CioOrleans.Outbox.Postgres;

/// <summary>A statement that returns rows.</summary>
internal interface IAnsweredStatement
{
    void OnRow(NpgsqlDataReader row);
}
