using System.Diagnostics;
using System.Globalization;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Outbox.Tests.Sqlite;

/// <summary>Who may open the file, and what is left of it after a crash.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");

    private readonly DataFolder _folder = new();

    private string Database => _folder.File("data/cio.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_folder_is_made_when_it_is_not_there()
    {
        await using var outbox = await OpenAsync();

        Assert.True(File.Exists(Database));
    }

    [Fact]
    public async Task A_second_outbox_in_the_same_process_is_refused_until_the_first_is_closed()
    {
        var first = await OpenAsync();

        var refusal = await Assert.ThrowsAsync<OutboxFileException>(OpenAsync);
        Assert.Equal(
            $"The outbox {Database} is in use by this process ({Environment.ProcessId}): stop that process, or give this one another file in Dispatcher:Storage:ConnectionString.",
            refusal.Message);

        await first.DisposeAsync();
        await using var second = await OpenAsync();
    }

    [Fact]
    public async Task A_second_process_is_refused_until_the_first_has_died()
    {
        await (await OpenAsync()).DisposeAsync();
        using var holder = HoldLock();
        await File.WriteAllTextAsync(Database + ".pid", holder.Id.ToString(CultureInfo.InvariantCulture));

        var refusal = await Assert.ThrowsAsync<OutboxFileException>(OpenAsync);
        Assert.StartsWith($"The outbox {Database} is in use by process {holder.Id}: ", refusal.Message, StringComparison.Ordinal);

        holder.Kill();
        await holder.WaitForExitAsync();
        await using var outbox = await OpenAsync();
    }

    [Fact]
    public async Task A_file_of_a_newer_schema_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "update schema_versions set version = '99' where version = '1'";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var refusal = await Assert.ThrowsAsync<OutboxFileException>(OpenAsync);
        Assert.Equal(
            $"The outbox {Database} has schema version 99, and this program knows {Schema.Newest} at most: start a newer version of the program.",
            refusal.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_in_one_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        await File.WriteAllTextAsync(Database, new string('x', 10_000));

        var refusal = await Assert.ThrowsAsync<OutboxFileException>(OpenAsync);

        Assert.StartsWith($"The outbox {Database} cannot be opened: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Writes_handed_over_before_closing_are_stored_and_later_ones_refused()
    {
        var outbox = await OpenAsync();
        var appends = Enumerable.Range(1, 500).Select(sequence => outbox.AppendAsync(_customer, sequence, TestCalls.Any()).AsTask()).ToArray();
        await outbox.DisposeAsync();

        Assert.All(appends, append => Assert.Equal(AppendResult.Appended.Instance, append.Result));
        Assert.Equal(new AppendResult.Unavailable("the outbox is closed"), await outbox.AppendAsync(_customer, 501, TestCalls.Any()));
        await using var reopened = await OpenAsync();
        Assert.Equal(500, await reopened.CountWaitingAsync("acme"));
    }

    [Fact]
    public async Task A_crash_image_holds_every_row_whose_task_had_ended()
    {
        // Little enough that the log is not folded into the database meanwhile: the copy is then what a crash leaves.
        await using var outbox = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var acknowledged = 0L;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writer = Task.Run(async () =>
        {
            for (var sequence = 1; sequence <= 5_000 && !stop.IsCancellationRequested; sequence++)
            {
                Assert.IsType<AppendResult.Appended>(await outbox.AppendAsync(_customer, sequence, TestCalls.Any(bodySize: 300)));
                if (Interlocked.Increment(ref acknowledged) == 200)
                {
                    enough.SetResult();
                }
            }
        });

        await enough.Task;
        var ended = Interlocked.Read(ref acknowledged);
        var image = Copy("image.db");
        await stop.CancelAsync();
        await writer;

        await using var recovered = await OpenAsync(image);
        var queue = await recovered.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue);
        Assert.True(queue.Rows.Count >= ended, $"{queue.Rows.Count} rows of {ended}");
        Assert.Equal(Enumerable.Range(1, queue.Rows.Count).Select(i => (long)i), queue.Rows.Select(row => row.Sequence));
    }

    [Fact]
    public async Task A_log_that_ends_anywhere_leaves_a_prefix_of_the_commits()
    {
        await using (var outbox = await OpenAsync())
        {
            for (var sequence = 1; sequence <= 40; sequence++)
            {
                Assert.IsType<AppendResult.Appended>(await outbox.AppendAsync(_customer, sequence, TestCalls.Any(bodySize: 3_000)));
            }

            Copy("whole.db");
        }

        var log = await File.ReadAllBytesAsync(_folder.File("whole.db-wal"));
        var before = 0;
        for (var part = 0; part <= 10; part++)
        {
            var image = _folder.File($"cut-{part}.db");
            File.Copy(_folder.File("whole.db"), image);
            await File.WriteAllBytesAsync(image + "-wal", log[..(log.Length * part / 10)]);

            await using var recovered = await OpenAsync(image);
            var rows = (await recovered.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue)).Rows;
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(row => row.Sequence));
            Assert.True(rows.Count >= before);
            before = rows.Count;
        }

        Assert.Equal(40, before);
    }

    private Task<SqliteOutbox> OpenAsync() => OpenAsync(Database);

    private static async Task<SqliteOutbox> OpenAsync(string path)
    {
        var outbox = new SqliteOutbox($"Data Source={path}", TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        await outbox.StartAsync();
        return outbox;
    }

    private string Copy(string name)
    {
        var image = _folder.File(name);
        File.Copy(Database, image);
        File.Copy(Database + "-wal", image + "-wal");
        return image;
    }

    /// <summary>Another process that holds the lock until it is killed.</summary>
    private Process HoldLock()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "there is no flock command to hold the lock with");

        // --no-fork: a child would hold the lock on for a moment after its parent has died.
        var holder = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["--no-fork", Database + ".lock", "sh", "-c", "echo held; exec sleep 600"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        return holder;
    }
}
