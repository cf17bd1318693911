using Npgsql;

namespace CioOrleans.Postgres.Tests.Server;

/// <summary>
/// An empty database, one a test class: on the server that <c>CIO_TEST_POSTGRES</c> names (a connection string of a user who
/// may create databases), else on one that is started for the run. Where neither is to be had, <see cref="Require"/> skips the test.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private const string Variable = "CIO_TEST_POSTGRES";

    private string? _serverConnectionString;
    private string? _connectionString;
    private bool _isForeign;

    /// <summary>Of the new database. Skips the test where there is no server.</summary>
    public string ConnectionString
    {
        get
        {
            Require();
            return _connectionString!;
        }
    }

    public bool IsAvailable => _connectionString is not null;

    public void Require() =>
        Assert.SkipWhen(!IsAvailable, $"{PostgresServer.MissingReason} Set {Variable} to a connection string to use another.");

    public async ValueTask InitializeAsync()
    {
        _serverConnectionString = Environment.GetEnvironmentVariable(Variable);
        _isForeign = !string.IsNullOrEmpty(_serverConnectionString);
        if (!_isForeign)
        {
            if (PostgresServer.MissingReason is not null)
            {
                return;
            }

            _serverConnectionString = (await PostgresServer.SharedAsync()).ConnectionString();
        }

        var name = $"cio_test_{Guid.NewGuid():N}";
        await ExecuteAsync(_serverConnectionString!, $"create database {name}");
        _connectionString = new NpgsqlConnectionStringBuilder(_serverConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>On a server of the run's own there is nothing to tidy: it goes as a whole.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsAvailable && _isForeign)
        {
            await ExecuteAsync(_serverConnectionString!, $"drop database {new NpgsqlConnectionStringBuilder(_connectionString).Database} with (force)");
        }
    }

    /// <summary>A second, empty database beside this one.</summary>
    public async Task<string> CreateAnotherAsync()
    {
        Require();
        var name = $"{new NpgsqlConnectionStringBuilder(_connectionString).Database}_{Guid.NewGuid():N}"[..60];
        await ExecuteAsync(_serverConnectionString!, $"create database {name}");
        return new NpgsqlConnectionStringBuilder(_serverConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Makes every table of the outbox empty: far quicker than another database.</summary>
    public static Task EmptyAsync(string connectionString) =>
        ExecuteAsync(
            connectionString,
            "truncate workspaces, customers, calls, dead_letters, leases, refused_calls, history, history_notes; update history_state set deleted_before = 0");

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await ExecuteAsync(connection, sql);
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
