using Npgsql;

namespace CioOrleans.Outbox.Postgres;

/// <summary>A statement that answers with rows.</summary>
internal interface IAnsweredStatement
{
    void OnRow(NpgsqlDataReader row);
}
