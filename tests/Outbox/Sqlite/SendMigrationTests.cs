using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using EvolveDb;
using EvolveDb.Migration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Outbox.Tests.Sqlite;

/// <summary>A file of the version before <c>V10__sends.sql</c>, in which an attempt's mark was a sentence.</summary>
public sealed class SendMigrationTests : IDisposable
{
    private readonly DataFolder _folder = new();

    private string Database => _folder.File("cio.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Marks_and_unknown_outcomes_of_an_older_file_keep_their_meaning()
    {
        var ids = Enumerable.Range(0, 5).Select(i => Ulid.NewUlid(TestCalls.Noon.AddSeconds(i))).ToArray();
        await CreateOldAsync(ids);

        await using var outbox = new SqliteOutbox($"Data Source={Database}", TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        await outbox.StartAsync();

        var rows = (await outbox.ReadQueueAsync(new("acme", "send:1"), 0, 10, int.MaxValue)).Rows;
        Assert.Equal(
            [((Guid?)Guid.Empty, null), (null, "503"), (null, null)],
            rows.Select(row => (row.SendAttempt, row.LastError)));
        Assert.True((await outbox.FindDeadLetterAsync("acme", ids[3]))!.IsOutcomeUnknown);
        Assert.False((await outbox.FindDeadLetterAsync("acme", ids[4]))!.IsOutcomeUnknown);
        Assert.Equal(new SendResult(200, "{}", TestCalls.Noon), await outbox.FindSendResultAsync("acme", ids[0]));
    }

    private async Task CreateOldAsync(Ulid[] ids)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        new Evolve(connection)
        {
            EmbeddedResourceAssemblies = [typeof(SqliteOutbox).Assembly],
            EmbeddedResourceFilters = ["CioOrleans.Outbox.Sqlite.Migrations."],
            MetadataTableName = "schema_versions",
            TargetVersion = new MigrationVersion("3"),
        }.Migrate();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            insert into workspaces (id, name) values (1, 'acme');
            insert into customers (id, workspace_id, key) values (1, 1, 'send:1');
            insert into calls
            select value + 1, 1, 1, value + 1, case value when 0 then $id0 when 1 then $id1 else $id2 end, 22, 4, 0, 0, 'POST', '/v1/send/email', '', null, x''
            from (select 0 as value union select 1 union select 2);
            insert into queues (workspace_id, customer_id, seq, position, limit_class, priority, not_before, last_error) values
                (1, 1, 1, 1, 4, 0, 1, 'the request had begun to leave, and its end was never recorded'),
                (1, 1, 2, 2, 4, 0, 1, '503'),
                (1, 1, 3, 3, 4, 0, null, null);
            insert into dead_letters
                (workspace_id, customer, attempts, reason, died_at, call_id, kind, limit_class, priority, accepted_at, method, target, headers, body) values
                (1, 'send:1', 1, 'outcome unknown, the message may have been sent: 500', 1, $id3, 22, 4, 0, 0, 'POST', '/v1/send/email', '', x''),
                (1, 'send:1', 1, '400: outcome unknown, the message may have been sent: 500', 1, $id4, 22, 4, 0, 0, 'POST', '/v1/send/email', '', x'');
            insert into send_results values (1, $id0, 200, '{}', $noon);
            update progress set reserved_until = 100, queued_until = 3;
            """;
        for (var i = 0; i < ids.Length; i++)
        {
            command.Parameters.AddWithValue($"$id{i}", ids[i].ToByteArray());
        }

        command.Parameters.AddWithValue("$noon", TestCalls.Noon.UtcTicks);
        await command.ExecuteNonQueryAsync();
    }
}
