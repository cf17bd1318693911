using System.Globalization;
using System.Text;
using CioOrleans.Bench.Processes;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Limits;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Many rows of the history, stored through the outbox as a delivery stores them: evenly over a week that has just passed.</summary>
/// <param name="rows">The number of rows.</param>
/// <param name="customers">The number of customers, which take turns.</param>
internal sealed class HistoryData(int rows, int customers)
{
    /// <summary>The days over which the rows are spread.</summary>
    public const int Days = 7;

    /// <summary>The limit under which the rows were made: more than the first day holds in any second. The dispatcher that judges them has the same.</summary>
    public const int PerSecond = 100_000;

    private const int FirstSeconds = 20;
    private const string Workspace = "acme";
    private const int Chunk = 1_000;
    private const int ChunksAtOnce = 16;

    /// <summary>One of this number of calls needs a second attempt.</summary>
    private const int FailsEvery = 33;

    /// <summary>One of this number of calls is of an import.</summary>
    private const int ImportsEvery = 10;

    private readonly DateTimeOffset _end = TimeProvider.System.GetUtcNow().AddMinutes(-1);
    private readonly Ulid _import = Ulid.NewUlid();
    private readonly byte[] _random = new byte[10];
    private long _written;

    /// <summary>The number of rows stored so far.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>The time of the oldest row.</summary>
    public DateTimeOffset Begin => _end.AddDays(-Days);

    /// <summary>The end of the rows of the first day, which are of few seconds, so that they become too old together.</summary>
    public DateTimeOffset EndOfFirstDay => Begin.AddSeconds(FirstSeconds);

    /// <summary>A time between the first and the last row.</summary>
    /// <param name="share">The share of the rows before it, from 0 to 1.</param>
    public DateTimeOffset At(double share) => share < 1.0 / Days ? Begin.AddSeconds(FirstSeconds * share * Days) : Begin + ((_end - Begin) * share);

    /// <summary>The id of a customer, of 20 characters.</summary>
    public string Customer(int number) => $"customer-{(number % customers).ToString("00000000000", CultureInfo.InvariantCulture)}";

    /// <summary>The own id of a call's event.</summary>
    public static string Event(int call) => $"order-{call}";

    /// <summary>The id of a call.</summary>
    public Ulid CallId(int call)
    {
        var random = (byte[])_random.Clone();
        BitConverter.TryWriteBytes(random, Mix(call));
        return Ulid.NewUlid(At((double)call / rows), random);
    }

    /// <summary>The import of a tenth of the calls.</summary>
    public Ulid Import => _import;

    /// <summary>Stores all rows, and a note of the one owner that sent them.</summary>
    public async Task FillAsync(DispatcherSite site, CancellationToken stop)
    {
        if (site.Database is null)
        {
            await using var outbox = new SqliteOutbox(site.ConnectionString, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
            await outbox.StartAsync(stop);
            await FillAsync(outbox, stop);
        }
        else
        {
            await using var outbox = new PostgresOutbox(site.ConnectionString, new PostgresOutboxOptions(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance);
            await outbox.OpenAsync(stop);
            for (var day = 0; day <= Days; day++)
            {
                // Makes the partitions that a running silo would have made on that day.
                await outbox.TrimHistoryAsync(Begin.AddDays(day), TimeSpan.FromDays(30), long.MaxValue);
            }

            await FillAsync(outbox, stop);
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(site.ConnectionString) { CommandTimeout = 600 }.ConnectionString);
            await using var analyze = source.CreateCommand("vacuum analyze");
            await analyze.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>What the rows take on the disk with their indexes, in bytes.</summary>
    public static async Task<long> SizeAsync(DispatcherSite site, CancellationToken stop)
    {
        if (site.Database is null)
        {
            return new FileInfo(site.ConnectionString.Split('=', 2)[1]).Length;
        }

        await using var source = NpgsqlDataSource.Create(site.ConnectionString);
        await using var size = source.CreateCommand("select sum(pg_total_relation_size(inhrelid))::bigint from pg_inherits where inhparent = 'history'::regclass");
        return (long)(await size.ExecuteScalarAsync(stop))!;
    }

    private async Task FillAsync<TStore>(TStore store, CancellationToken stop)
        where TStore : IHistoryStore
    {
        var owner = new HistoryNote.OwnerStarted(
            HistoryId.Microseconds(Begin.AddMinutes(-10)), 1, KeptAttempts.All, TokenReturn.AfterResponse,
            [new LimitGroupSettings([LimitClass.Identify, LimitClass.Track, LimitClass.Page], [new RateLimit(PerSecond, TimeSpan.FromSeconds(1))])], TimeSpan.FromSeconds(30));
        Expect(await store.NoteAsync(Workspace, owner));
        var pending = new Queue<Task<WriteResult>>();
        for (var call = 0; Written < rows;)
        {
            stop.ThrowIfCancellationRequested();
            var chunk = new List<HistoryRow>(Chunk + 1);
            while (chunk.Count < Chunk && Written + chunk.Count < rows)
            {
                Add(chunk, call++);
            }

            pending.Enqueue(store.RecordAsync(chunk).AsTask());
            if (pending.Count == ChunksAtOnce)
            {
                Expect(await pending.Dequeue());
            }

            Volatile.Write(ref _written, _written + chunk.Count);
        }

        while (pending.TryDequeue(out var write))
        {
            Expect(await write);
        }
    }

    /// <summary>The rows of one call: its delivery, and before it sometimes a failed attempt.</summary>
    private void Add(List<HistoryRow> chunk, int call)
    {
        var at = At((double)call / rows);
        var (ended, isEvent) = (HistoryId.Microseconds(at), call % 2 == 0);
        var row = new HistoryRow
        {
            Id = HistoryId.Of(ended),
            Workspace = Workspace,
            Customer = $"id:{Customer(call)}",
            CallId = CallId(call),
            Sequence = 1 + (call / customers),
            Kind = isEvent ? CallKind.Event : CallKind.Identify,
            LimitClass = isEvent ? LimitClass.Track : LimitClass.Identify,
            EventKey = isEvent ? DuplicateKey.OfEventId(Encoding.UTF8.GetBytes(Event(call))).ToPrefix() : null,
            Import = call % ImportsEvery == 0 ? _import : null,
            AcceptedAt = at.AddMilliseconds(-200).ToUnixTimeMilliseconds(),
            Attempt = 1,
            Epoch = 1,
            Permit = (2L * call) + 1,
            Silo = "bench",
            Sent = ended - 20_000,
            Ended = ended,
            Precision = 100,
            Result = HistoryResult.Delivered,
            Status = 200,
        };
        if (call % FailsEvery == 0)
        {
            chunk.Add(row with { Result = HistoryResult.Failed, Status = 500, Reason = "Customer.io answered 500" });
            var later = ended + 25_000;
            row = row with { Id = HistoryId.Of(later), Attempt = 2, Permit = row.Permit + 1, Sent = later - 20_000, Ended = later };
        }

        chunk.Add(row);
    }

    private static void Expect(WriteResult result)
    {
        if (result is WriteResult.Unavailable(var reason))
        {
            throw new InvalidOperationException($"Rows were not stored: {reason}");
        }
    }

    /// <summary>Spreads numbers as random bytes of an id are spread (the finalizer of MurmurHash3).</summary>
    private static ulong Mix(int number)
    {
        var value = (ulong)number + 1;
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
