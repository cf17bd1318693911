using CioOrleans.Outbox;
using CioOrleans.Outbox.Postgres;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Tests.Server;
using Npgsql;

namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class MigrationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly PostgresOutboxOptions _onlyCheck = new() { MigrateAtStart = false };

    [SkippableFact]
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

    [SkippableFact]
    public async Task A_database_that_nobody_has_migrated_is_refused_where_only_a_look_is_allowed()
    {
        var empty = await database.CreateAnotherAsync();

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => PostgresOutboxFactory.OpenAsync(empty, _onlyCheck));

        Assert.Equal(
            $"The outbox's database has schema version 0, and this program needs {PostgresMigrations.Newest}: run the migrations first.", refusal.Message);
    }

    [SkippableTheory]
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

    [SkippableFact]
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

    [SkippableFact]
    public async Task A_database_that_is_not_there_is_named_in_one_line()
    {
        database.Require();
        var missing = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere" }.ConnectionString;

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => PostgresOutboxFactory.OpenAsync(missing));

        Assert.StartsWith("The outbox's database nowhere at ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    /// <summary>The versions of the embedded scripts, ascending; numbers may be left out.</summary>
    private static IEnumerable<int> ScriptVersions() => typeof(PostgresMigrations).Assembly.GetManifestResourceNames()
        .Where(name => name.Contains(".Postgres.Migrations.V", StringComparison.Ordinal))
        .Select(name => int.Parse(name.Split(".Migrations.V")[1].Split("__")[0], System.Globalization.CultureInfo.InvariantCulture))
        .Order();
}
