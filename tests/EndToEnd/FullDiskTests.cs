using System.Net;
using System.Text;

namespace CioOrleans.EndToEnd;

/// <summary>A file system of 24 MB, filled by accepts at full speed while calls leave at the limit.</summary>
public sealed class FullDiskTests(ITestOutputHelper output) : SandboxedTest
{
    private const int Megabytes = 24;
    private const int Callers = 32;

    /// <summary>Each has one caller, so that its calls are sent one after the other.</summary>
    private const int Customers = 6 * Callers;

    /// <summary>The most requests in flight.</summary>
    private const int MaxConcurrency = 64;

    /// <summary>An answer takes 60 ms at most; the commit that records it, on a busy machine, takes the rest. What arrived earlier was recorded.</summary>
    private static readonly TimeSpan _inFlight = TimeSpan.FromSeconds(1);

    /// <summary>How long after there is room again a busy machine may need until a call is taken.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<int, int> _lastSeq = [];
    private readonly Dictionary<int, SortedSet<int>> _acknowledged = [];
    private readonly string _padding = new('x', 10_000);
    private int _refused;
    private DateTimeOffset? _killedAt;

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_drains_records_every_delivery_and_takes_calls_again_by_itself(bool isKilledWhileFull)
    {
        using var disk = SmallDisk.TryMount(Path.Combine(Data.Path, "disk"), Megabytes);
        Assert.SkipWhen(disk is null, "mounting a small disk is not permitted here");
        var dispatcher = await StartAsync(disk);
        try
        {
            await FillAsync(dispatcher);
            var full = Sandbox.Report().Order.Processed;
            if (isKilledWhileFull)
            {
                _killedAt = TimeProvider.System.GetUtcNow();
                await dispatcher.KillAsync();
                await dispatcher.DisposeAsync();
                dispatcher = await StartAsync(disk);
            }

            // What an operator does is stored, however full the disk is.
            await ChangeAsync(dispatcher, "pause");
            await ChangeAsync(dispatcher, "resume");

            // It takes calls again before the queue is empty, in what the delivered ones have left.
            await Sandbox.WaitForProcessedAsync(full + 300).WaitAsync(TimeSpan.FromSeconds(60));
            await WaitUntilTakenAsync(dispatcher);
            await DrainAsync(dispatcher);
        }
        finally
        {
            await dispatcher.DisposeAsync();
        }

        AssertAllArrivedOnce();
    }

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_others_write_until_no_byte_is_free_keeps_no_delivery_from_being_recorded(bool isKilledWhileFull)
    {
        using var disk = SmallDisk.TryMount(Path.Combine(Data.Path, "disk"), Megabytes);
        Assert.SkipWhen(disk is null, "mounting a small disk is not permitted here");
        var dispatcher = await StartAsync(disk);
        try
        {
            // In the middle of the load: what is in the log alone has no room in the database any more.
            var load = SendAllAsync(dispatcher, calls: 2_000);
            await Sandbox.WaitForProcessedAsync(100).WaitAsync(TimeSpan.FromSeconds(60));
            var filler = await dispatcher.WhileFrozenAsync(disk.Fill);
            await load;
            if (isKilledWhileFull)
            {
                _killedAt = TimeProvider.System.GetUtcNow();
                await dispatcher.KillAsync();
                await dispatcher.DisposeAsync();
                dispatcher = await StartAsync(disk);
            }

            await DrainAsync(dispatcher);
            File.Delete(filler);
            await WaitUntilTakenAsync(dispatcher);
            await DrainAsync(dispatcher);
        }
        finally
        {
            await dispatcher.DisposeAsync();
        }

        AssertAllArrivedOnce();
    }

    private Task SendAllAsync(Dispatcher dispatcher, int calls) => Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        for (var call = caller; call < calls; call += Callers)
        {
            await SendAsync(dispatcher, call % Customers);
        }
    }));

    private Task<Dispatcher> StartAsync(SmallDisk disk) =>
        Dispatcher.StartAsync(Data, Sandbox.Url, ("Dispatcher__Storage__ConnectionString", $"Data Source={disk.Path}/cio.db"), ("Limits__identify", "100/1s"));

    /// <summary>Sends at full speed until nearly all is refused.</summary>
    private async Task FillAsync(Dispatcher dispatcher)
    {
        var isFull = false;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var (customer, refused) = (caller, 0); refused < 10 && !Volatile.Read(ref isFull); customer = (customer + Callers) % Customers)
            {
                refused = await SendAsync(dispatcher, customer) ? 0 : refused + 1;
            }

            Volatile.Write(ref isFull, true);
        }));
        Assert.True(_refused > 0);
    }

    private async Task<bool> SendAsync(Dispatcher dispatcher, int customer)
    {
        int seq;
        lock (_lastSeq)
        {
            seq = _lastSeq[customer] = _lastSeq.GetValueOrDefault(customer) + 1;
        }

        using var body = new StringContent(
            $$$"""{"name":"purchase","data":{"seq":{{{seq}}},"padding":"{{{_padding}}}"}}""", Encoding.UTF8, "application/json");
        using var answer = await dispatcher.Http.PostAsync(new Uri($"/api/v1/customers/{customer}/events", UriKind.Relative), body);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            lock (_lastSeq)
            {
                (_acknowledged.TryGetValue(customer, out var seqs) ? seqs : _acknowledged[customer] = []).Add(seq);
            }

            return true;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Interlocked.Increment(ref _refused);
        return false;
    }

    private async Task WaitUntilTakenAsync(Dispatcher dispatcher)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await SendAsync(dispatcher, 7))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < _patience, $"no call is taken {_patience} after there was room\n{dispatcher.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private static async Task ChangeAsync(Dispatcher dispatcher, string what)
    {
        using var answer = await dispatcher.Http.PostAsync(new Uri($"/admin/workspaces/acme/{what}", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task DrainAsync(Dispatcher dispatcher)
    {
        try
        {
            await dispatcher.WaitUntilEmptyAsync().WaitAsync(TimeSpan.FromSeconds(120));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the queue does not drain\n{dispatcher.Output}");
        }
    }

    /// <summary>Requests in flight at the kill are repeated under the same ids, because their outcome is unknown. No other request is repeated.</summary>
    private void AssertAllArrivedOnce()
    {
        var report = Sandbox.Report();
        Assert.Empty(Arrived.Missing(_acknowledged, Sandbox));
        Assert.InRange(report.MaxInWindow, 1, Limit);
        Assert.Equal(
            (0, 0, 0, 0),
            (report.Order.OrderViolations, report.Order.StaleDuplicates, report.Order.DuplicatesWithAnotherId, report.Order.DuplicatesWithAnotherTimestamp));
        var repeated = Sandbox.Requests.GroupBy(request => (request.RawTarget, Encoding.UTF8.GetString(request.Body.Span)))
            .Where(call => call.Count() > 1)
            .Select(call => call.Select(request => request.ArrivedAt).Order().ToArray())
            .ToArray();
        foreach (var arrivals in repeated)
        {
            output.WriteLine($"Arrived {string.Join(" and ", arrivals.Select(at => $"{(at - _killedAt)?.TotalMilliseconds:0} ms"))} after the kill.");
        }

        Assert.Equal(report.Order.Duplicates, repeated.Length);
        Assert.InRange(repeated.Length, 0, _killedAt is null ? 0 : MaxConcurrency);
        Assert.DoesNotContain(repeated, arrivals => arrivals.Length > 2 || arrivals[0] < _killedAt - _inFlight || arrivals[1] < _killedAt);
    }
}
