using Npgsql;

namespace CioOrleans.Cluster;

/// <summary>
/// Three silos and two front-ends for all tests: on a PostgreSQL server that is started for them, or on the one that
/// <c>CIO_TEST_POSTGRES</c> names (a connection string of a user who may create databases). Without either the tests are skipped.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    public const string Name = "one cluster";

    private const string Variable = "CIO_TEST_POSTGRES";

    private ClusterHarness? _cluster;

    internal ClusterHarness Require()
    {
        Assert.SkipWhen(_cluster is null, $"{PostgresServer.MissingReason} Set {Variable} to a connection string to use another.");
        return _cluster!;
    }

    public async ValueTask InitializeAsync()
    {
        const int silos = 3;
        const int frontEnds = 2;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            _cluster = await ClusterHarness.StartAsync(silos, frontEnds, await CreateDatabaseAsync(given));
        }
        else if (PostgresServer.MissingReason is null)
        {
            _cluster = await ClusterHarness.StartAsync(silos, frontEnds);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static async Task<string> CreateDatabaseAsync(string server)
    {
        var name = $"cio_test_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }
}
