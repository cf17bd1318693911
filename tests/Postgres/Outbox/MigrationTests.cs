using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using EvolveDb;
using EvolveDb.Migration;
using Npgsql;

namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class MigrationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Scripts = "CioOrleans.Outbox.Postgres.Migrations.";

    private static readonly PostgresOutboxOptions _onlyCheck = new() { MigrateAtStart = false };

    [Fact]
    public async Task Ten_silos_may_open_an_empty_database_at_once()
    {
        var empty = await database.CreateAnotherAsync();

        var outboxes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => PostgresOutboxFactory.OpenAsync(empty))));

        foreach (var outbox in outboxes)
        {
            Assert.Equal(0, await outbox.CountWaitingAsync("acme"));
            await outbox.DisposeAsync();
        }

        Assert.Equal(
            string.Join(',', ScriptVersions()),
            await TestDatabase.ScalarAsync<string>(empty, "select string_agg(version, ',' order by id) from schema_versions where success and version <> '0'"));
    }

    [Fact]
    public async Task Marks_and_unknown_outcomes_of_an_older_database_keep_their_meaning()
    {
        var older = await database.CreateAnotherAsync();
        var ids = Enumerable.Range(0, 5).Select(i => Ulid.NewUlid(TestCalls.Noon.AddSeconds(i))).ToArray();
        await MigrateToVersion4Async(older);
        await TestDatabase.ExecuteAsync(
            older,
            $"""
            insert into workspaces (name) values ('acme');
            insert into customers (workspace_id, key, last_seq) values (1, 'send:1', 3);
            insert into calls (position, customer_id, seq, accepted_at, not_before, call_id, workspace_id, kind, limit_class, priority, method, target, headers, last_error, body) values
                (1, 1, 1, 0, 1, '{Stored(ids[0])}', 1, 22, 4, 0, 'POST', '/v1/send/email', '', 'the request had begun to leave, and its end was never recorded', ''),
                (2, 1, 2, 0, 1, '{Stored(ids[1])}', 1, 22, 4, 0, 'POST', '/v1/send/email', '', '503', ''),
                (3, 1, 3, 0, null, '{Stored(ids[2])}', 1, 22, 4, 0, 'POST', '/v1/send/email', '', null, '');
            insert into dead_letters (workspace_id, call_id, accepted_at, died_at, attempts, kind, limit_class, priority, customer, reason, method, target, headers, body) values
                (1, '{Stored(ids[3])}', 0, 1, 1, 22, 4, 0, 'send:1', 'outcome unknown, the message may have been sent: 500', 'POST', '/v1/send/email', '', ''),
                (1, '{Stored(ids[4])}', 0, 1, 1, 22, 4, 0, 'send:1', '400: outcome unknown, the message may have been sent: 500', 'POST', '/v1/send/email', '', '');
            insert into send_results values (1, '{Stored(ids[0])}', 200, '{"{}"}', {TestCalls.Noon.UtcTicks});
            """);

        await using var outbox = await PostgresOutboxFactory.OpenAsync(older);

        var rows = (await outbox.ReadQueueAsync(new("acme", "send:1"), 0, 10, int.MaxValue)).Rows;
        Assert.Equal(
            [((Guid?)Guid.Empty, null), (null, "503"), (null, null)],
            rows.Select(row => (row.SendAttempt, row.LastError)));
        Assert.True((await outbox.FindDeadLetterAsync("acme", ids[3]))!.IsOutcomeUnknown);
        Assert.False((await outbox.FindDeadLetterAsync("acme", ids[4]))!.IsOutcomeUnknown);
        Assert.Equal(new SendResult(200, "{}", TestCalls.Noon), await outbox.FindSendResultAsync("acme", ids[0]));
    }

    [Fact]
    public async Task A_database_whose_owner_of_an_older_version_renews_its_lease_is_refused_and_left_as_it_is()
    {
        var older = await database.CreateAnotherAsync();
        await MigrateToVersion4Async(older);
        await TestDatabase.ExecuteAsync(
            older,
            "insert into leases (workspace, owner, epoch, expires_at, predecessor_ends_at) values ('acme', 'S127.0.0.1:11111:1', 1, clock_timestamp() + interval '1 hour', now())");

        var opening = Task.Run(() => PostgresOutboxFactory.OpenAsync(older));
        while (!opening.IsCompleted)
        {
            // The old owner renews. The opening is bounded: it compares the lease's end before and after a few seconds.
            await TestDatabase.ExecuteAsync(older, "update leases set expires_at = expires_at + interval '1 ms'");
        }

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => opening);
        Assert.StartsWith("Silos of an older version are active in ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("stop all processes of the older version first.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal("4", await TestDatabase.ScalarAsync<string>(older, "select max(version) from schema_versions where success"));
    }

    [Fact]
    public async Task A_database_that_nobody_has_migrated_is_refused_where_only_a_look_is_allowed()
    {
        var empty = await database.CreateAnotherAsync();

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => PostgresOutboxFactory.OpenAsync(empty, _onlyCheck));

        Assert.Equal(
            $"The outbox's database has schema version 0, and this program needs {PostgresMigrations.Newest}: run the migrations first.", refusal.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_database_of_a_newer_program_is_refused(bool migrateAtStart)
    {
        var newer = await database.CreateAnotherAsync();
        PostgresMigrations.Run(newer);
        await TestDatabase.ExecuteAsync(newer, "update schema_versions set version = '999' where version = '1'");

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(
            () => PostgresOutboxFactory.OpenAsync(newer, new PostgresOutboxOptions { MigrateAtStart = migrateAtStart }));

        Assert.Equal(
            $"The outbox's database has schema version 999, and this program knows {PostgresMigrations.Newest} at most: start a newer version of the program.",
            refusal.Message);
    }

    [Fact]
    public async Task A_user_who_may_only_read_and_write_can_run_what_another_has_migrated()
    {
        var migrated = await database.CreateAnotherAsync();
        PostgresMigrations.Run(migrated);
        var role = $"cio_{Guid.NewGuid():N}";
        await TestDatabase.ExecuteAsync(
            migrated,
            $"""
            create role {role} login password 'x';
            grant select, insert, update, delete on all tables in schema public to {role};
            """);
        var limited = new NpgsqlConnectionStringBuilder(migrated) { Username = role, Password = "x" }.ConnectionString;

        await using var outbox = await PostgresOutboxFactory.OpenAsync(limited, _onlyCheck);

        Assert.IsType<AppendResult.Appended>(await outbox.AppendAsync(new("acme", "id:1"), 1, TestCalls.Any()));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_in_one_line()
    {
        database.Require();
        var missing = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere" }.ConnectionString;

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => PostgresOutboxFactory.OpenAsync(missing));

        Assert.StartsWith("The outbox's database nowhere at ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static async Task MigrateToVersion4Async(string connectionString)
    {
        await using var connection = await TestDatabase.OpenAsync(connectionString);
        new Evolve(connection)
        {
            EmbeddedResourceAssemblies = [typeof(PostgresMigrations).Assembly],
            EmbeddedResourceFilters = [Scripts],
            MetadataTableName = "schema_versions",
            TargetVersion = new MigrationVersion("4"),
        }.Migrate();
    }

    private static string Stored(Ulid id) => new Guid(id.ToByteArray(), bigEndian: true).ToString();

    /// <summary>The versions of the embedded scripts, ascending; numbers may be left out.</summary>
    private static IEnumerable<int> ScriptVersions() => typeof(PostgresMigrations).Assembly.GetManifestResourceNames()
        .Where(name => name.Contains(".Postgres.Migrations.V", StringComparison.Ordinal))
        .Select(name => int.Parse(name.Split(".Migrations.V")[1].Split("__")[0], System.Globalization.CultureInfo.InvariantCulture))
        .Order();
}
