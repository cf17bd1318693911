using System.Diagnostics;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Outbox.Tests.Sqlite;

public sealed class DiskFullTests : IDisposable
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");

    private readonly DataFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_database_refuses_rows_and_takes_them_again_once_others_are_completed()
    {
        await using var outbox = await OpenAsync(new SqliteFile($"Data Source={_folder.File("cio.db")}") { MaxPages = 200 });
        var stored = await FillAsync(outbox);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(WriteResult.Written.Instance, await outbox.CompleteAsync([.. stored.Take(stored.Count / 2)]));
        await AppendAgainAsync(outbox, stored, stored.Count / 2);
    }

    [Fact]
    public async Task While_the_database_is_full_nothing_of_a_group_is_stored()
    {
        await using var outbox = await OpenAsync(new SqliteFile($"Data Source={_folder.File("cio.db")}") { MaxPages = 200 });
        var appends = Enumerable.Range(1, 1_000).Select(i => outbox.AppendAsync(_customer, i, TestCalls.Any(bodySize: 10_000)).AsTask()).ToArray();

        var results = await Task.WhenAll(appends);

        Assert.Contains(results, result => result is AppendResult.Unavailable);
        var queue = await outbox.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue);
        var stored = Enumerable.Range(1, 1_000).Where(i => results[i - 1] is AppendResult.Appended).Select(i => (long)i);
        Assert.Equal(stored, queue.Rows.Select(row => row.Sequence));
        Assert.False(queue.HasMore);
    }

    [Fact]
    public async Task A_full_disk_refuses_rows_and_loses_none_and_the_outbox_recovers_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), megabytes: 4);
        Assert.SkipWhen(disk is null, "mounting a small disk is not permitted here");
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[1 << 20]);
        List<RowKey> stored;

        await using (var outbox = await OpenAsync(new SqliteFile($"Data Source={disk.Path}/cio.db")))
        {
            stored = await FillAsync(outbox);
            File.Delete(filler);
            _time.Advance(TimeSpan.FromSeconds(1));
            await AppendAgainAsync(outbox, stored, 0);
        }

        await using var reopened = await OpenAsync(new SqliteFile($"Data Source={disk.Path}/cio.db"));
        var queue = await reopened.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue);
        Assert.Equal(stored.Select(row => row.CallId), queue.Rows.Select(row => row.Call.Id));
    }

    /// <summary>Appends until the outbox refuses, and sees that all it took is there.</summary>
    private static async Task<List<RowKey>> FillAsync(SqliteOutbox outbox)
    {
        List<RowKey> stored = [];
        AppendResult result;
        do
        {
            var call = TestCalls.Any(bodySize: 10_000);
            result = await outbox.AppendAsync(_customer, stored.Count + 1, call);
            if (result is not AppendResult.Unavailable)
            {
                stored.Add(new RowKey(_customer, stored.Count + 1, call.Id));
            }
        }
        while (result is not AppendResult.Unavailable);

        Assert.Equal("the outbox's disk is full", Assert.IsType<AppendResult.Unavailable>(result).Reason);
        Assert.NotEmpty(stored);
        var queue = await outbox.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue);
        Assert.Equal(stored.Select(row => row.CallId), queue.Rows.Select(row => row.Call.Id));
        Assert.Equal(stored.Count, queue.LastSequence);
        return stored;
    }

    private static async Task AppendAgainAsync(SqliteOutbox outbox, List<RowKey> stored, int completed)
    {
        var call = TestCalls.Any(bodySize: 10_000);
        Assert.Equal(AppendResult.Appended.Instance, await outbox.AppendAsync(_customer, stored.Count + 1, call));
        stored.Add(new RowKey(_customer, stored.Count + 1, call.Id));

        var queue = await outbox.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue);
        Assert.Equal(stored.Skip(completed).Select(row => row.CallId), queue.Rows.Select(row => row.Call.Id));
    }

    private async Task<SqliteOutbox> OpenAsync(SqliteFile file)
    {
        var outbox = new SqliteOutbox(file, _time, NullLogger<SqliteOutbox>.Instance);
        await outbox.StartAsync();
        return outbox;
    }

    /// <summary>A disk in memory.</summary>
    private sealed class SmallDisk(string path) : IDisposable
    {
        public string Path => path;

        public static SmallDisk? Mount(string path, int megabytes)
        {
            Directory.CreateDirectory(path);
            return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) ? new SmallDisk(path) : null;
        }

        public void Dispose() => Run("umount", path);

        private static bool Run(string command, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
