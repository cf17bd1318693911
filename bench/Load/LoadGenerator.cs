using System.Diagnostics;
using HdrHistogram;

namespace CioOrleans.Bench.Load;

/// <summary>
/// Closed-loop load: each connection sends its next request as soon as the last was answered. With a rate, requests have moments at which they are due: one that
/// leaves late because all connections wait counts from the moment at which it was due.
/// </summary>
internal sealed class LoadGenerator : IDisposable
{
    private const long HighestMicroseconds = 60_000_000;

    private readonly RawConnection[] _connections;
    private readonly Dictionary<string, RequestTemplate> _templates;
    private readonly int _customers;
    private int _next;

    private LoadGenerator(RawConnection[] connections, Uri server, int customers, int bodyBytes)
    {
        _connections = connections;
        _customers = customers;
        _templates = new()
        {
            [Slice.Durable] = RequestTemplate.Durable(server, bodyBytes),
            [Slice.Nothing] = RequestTemplate.Nothing(server, bodyBytes),
        };
    }

    public static async Task<LoadGenerator> ConnectAsync(Uri server, int connections, int customers, int bodyBytes, CancellationToken stop) =>
        new(await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => RawConnection.OpenAsync(server, stop))), server, customers, bodyBytes);

    /// <summary>Runs one slice. Customers take turns, so every call of a customer but the first finds a queue that is not empty.</summary>
    public async Task<SliceResult> RunAsync(Slice slice, CancellationToken stop)
    {
        var (template, latencies) = (_templates[slice.Endpoint], new LongConcurrentHistogram(1, HighestMicroseconds, 3));
        var (left, failures, began, due) = (slice.Calls ?? int.MaxValue, 0L, Stopwatch.GetTimestamp(), 0L);
        var ends = slice.Seconds is { } seconds ? began + (long)(seconds * Stopwatch.Frequency) : long.MaxValue;
        await Task.WhenAll(_connections.Select(RunConnectionAsync));
        return new SliceResult(
            slice.Endpoint,
            latencies.TotalCount - failures,
            failures,
            Stopwatch.GetElapsedTime(began).TotalSeconds,
            latencies.GetValueAtPercentile(50) / 1000.0,
            latencies.GetValueAtPercentile(99) / 1000.0,
            latencies.GetMaxValue() / 1000.0);

        async Task RunConnectionAsync(RawConnection connection)
        {
            var request = template.Copy();
            while (!stop.IsCancellationRequested && Interlocked.Decrement(ref left) >= 0)
            {
                var sentAt = slice.PerSecond is { } rate ? await WaitAsync(began + (long)((double)Interlocked.Increment(ref due) / rate * Stopwatch.Frequency)) : Stopwatch.GetTimestamp();
                if (sentAt >= ends)
                {
                    return;
                }

                var number = Interlocked.Increment(ref _next) - 1;
                template.Write(request, number % _customers, 1 + (number / _customers));
                if (await connection.ExchangeAsync(request) != 200)
                {
                    Interlocked.Increment(ref failures);
                }

                latencies.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(sentAt).TotalMicroseconds, 1, HighestMicroseconds));
            }
        }
    }

    /// <summary>Returns the due moment, or a later one if the wait was too long: that is not the server's fault.</summary>
    private static async ValueTask<long> WaitAsync(long due)
    {
        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (wait <= TimeSpan.Zero)
        {
            return due;
        }

        await Task.Delay(wait);
        return Math.Max(due, Stopwatch.GetTimestamp());
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }
}
