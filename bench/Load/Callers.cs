using System.Diagnostics;
using System.Net;

namespace CioOrleans.Bench.Load;

/// <summary>
/// Customers' services: each customer's calls one after the other, all customers at once. They remember what was acknowledged. A call
/// that was not is not repeated: whether it was stored is then open, and nothing is owed for it.
/// </summary>
internal sealed class Callers(int customers)
{
    private readonly HashSet<(int Customer, int Seq)> _acknowledged = [];
    private readonly int[] _lastSeq = new int[customers];
    private readonly Lock _lock = new();

    public int Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>Calls that ended without an acknowledgement.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>Why the first of them did; null where there is none.</summary>
    public string? FirstFailure { get; private set; }

    /// <summary>What was acknowledged and is not in <paramref name="arrived"/>.</summary>
    public int Missing(IReadOnlySet<(int Customer, int Seq)> arrived)
    {
        lock (_lock)
        {
            return _acknowledged.Count(call => !arrived.Contains(call));
        }
    }

    /// <summary>Every customer sends this number of calls, each after the acknowledgement of the one before, and none after a call without an answer.</summary>
    public Task SendAllAsync(HttpClient http, int callsEach, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, customers).Select(async customer =>
    {
        for (var call = 0; call < callsEach && await SendAsync(http, customer, stop); call++)
        {
        }
    }));

    /// <summary>Every customer sends a call now and then, at even intervals, until it is told to stop or the process is gone.</summary>
    public Task SendSteadilyAsync(HttpClient http, TimeSpan interval, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, customers).Select(async customer =>
    {
        var due = Stopwatch.GetTimestamp() + (long)(interval.TotalSeconds * Stopwatch.Frequency * customer / customers);
        while (!stop.IsCancellationRequested)
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            due += (long)(interval.TotalSeconds * Stopwatch.Frequency);
            if (stop.IsCancellationRequested || !await SendAsync(http, customer, CancellationToken.None))
            {
                return;
            }
        }
    }));

    /// <summary>False when the process is gone.</summary>
    private async Task<bool> SendAsync(HttpClient http, int customer, CancellationToken stop)
    {
        int seq;
        lock (_lock)
        {
            seq = ++_lastSeq[customer];
        }

        try
        {
            using var request = CallText.Request(customer, seq);
            using var answer = await http.SendAsync(request, stop);
            Note(customer, seq, answer.StatusCode == HttpStatusCode.OK ? null : $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
            return true;
        }
        catch (HttpRequestException exception)
        {
            Note(customer, seq, exception.Message);
            return false;
        }
    }

    private void Note(int customer, int seq, string? failure)
    {
        lock (_lock)
        {
            if (failure is null)
            {
                _acknowledged.Add((customer, seq));
            }
            else
            {
                Unacknowledged++;
                FirstFailure ??= failure;
            }
        }
    }
}
