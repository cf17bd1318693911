using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Outbox.Tests.Sqlite;

/// <summary>What the outbox takes of the disk, and who may read it.</summary>
public sealed class SpaceTests : IDisposable
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");

    private readonly DataFolder _folder = new();

    private string Path => _folder.File("cio.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_file_is_the_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // As an earlier version has left it.
        await File.WriteAllTextAsync(Path + ".lock", "");
        await using var outbox = await OpenAsync();
        await AppendAsync(outbox, 1);

        var files = Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, "cio.db*").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["cio.db", "cio.db-reserve", "cio.db-shm", "cio.db-wal", "cio.db.lock", "cio.db.pid"], files.Select(System.IO.Path.GetFileName));
        foreach (var file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_file_that_was_large_once_gives_its_space_back_while_the_outbox_rests()
    {
        await using var outbox = await OpenAsync();
        var rows = await Task.WhenAll(Enumerable.Range(1, 1_500).Select(sequence => AppendAsync(outbox, sequence, bodySize: 20_000)));
        Assert.IsType<WriteResult.Written>(await outbox.CompleteAsync(rows));

        await WaitUntilAsync(() => new FileInfo(Path).Length is > 0 and < 8 << 20, "the file is below 8 MB");
        await AppendAsync(outbox, 1_501);
        Assert.Equal(1_501, Assert.Single((await outbox.ReadQueueAsync(_customer, 0, 10, int.MaxValue)).Rows).Sequence);
    }

    [Fact]
    public async Task A_small_file_of_an_earlier_version_is_rebuilt_at_the_start_and_a_file_in_use_never()
    {
        await using (var outbox = await OpenAsync())
        {
            await AppendAsync(outbox, 1);
        }

        Execute("pragma journal_mode = delete; pragma auto_vacuum = none; vacuum");
        Assert.Equal(0L, Execute("pragma auto_vacuum"));

        await using (var outbox = await OpenAsync())
        {
            Assert.Equal(1, Assert.Single((await outbox.ReadQueueAsync(_customer, 0, 10, int.MaxValue)).Rows).Sequence);
            Assert.Throws<OutboxFileException>(() => SqliteOutbox.Rebuild($"Data Source={Path}"));
        }

        Assert.Equal(2L, Execute("pragma auto_vacuum"));
        var (before, after) = SqliteOutbox.Rebuild($"Data Source={Path}");
        Assert.True(after <= before);
    }

    [Fact]
    public async Task Without_its_reserve_the_outbox_takes_no_calls_and_stores_all_else()
    {
        // A reserve that this disk cannot hold.
        await using var outbox = await OpenAsync(reserve: 1L << 60);

        var refused = Assert.IsType<AppendResult.Unavailable>(await outbox.AppendAsync(_customer, 1, TestCalls.Any()));
        Assert.True(refused.IsDiskFull);
        Assert.IsType<WriteResult.Written>(await outbox.WritePauseAsync("acme", "the test"));
    }

    private static async Task<RowKey> AppendAsync(SqliteOutbox outbox, long sequence, int bodySize = 10)
    {
        var call = TestCalls.Any(bodySize: bodySize);
        Assert.IsType<AppendResult.Appended>(await outbox.AppendAsync(_customer, sequence, call));
        return new RowKey(_customer, sequence, call.Id);
    }

    private static async Task WaitUntilAsync(Func<bool> isSo, string what)
    {
        for (var i = 0; !isSo(); i++)
        {
            Assert.True(i < 300, $"after 30 s it is not so that {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private async Task<SqliteOutbox> OpenAsync(long? reserve = null)
    {
        var outbox = new SqliteOutbox($"Data Source={Path}", TimeProvider.System, NullLogger<SqliteOutbox>.Instance, reserve);
        await outbox.StartAsync();
        return outbox;
    }
}
