using System.Net;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;

namespace CioOrleans.Bench.Naive;

/// <summary>
/// What many services have today: one queue in memory, a token bucket for every attempt, a maximum of concurrent requests, and a repeat
/// after a second where Customer.io answers 429 or fails.
/// </summary>
internal sealed class NaiveClient(Uri customerIo, int permits, TimeSpan window, int maxConcurrency) : IDisposable
{
    private static readonly TimeSpan _backOff = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new() { DefaultRequestHeaders = { Authorization = new("Basic", DispatcherProcess.Credentials) } };
    private readonly RefillingBucket _bucket = new(permits, window);
    private readonly SemaphoreSlim _free = new(maxConcurrency);

    /// <summary>
    /// Sends everything and waits until all is taken. A customer's calls stand next to each other in the queue, as services put them
    /// there that need not wait for an answer.
    /// </summary>
    public async Task SendAllAsync(int customers, int callsEach, CancellationToken stop)
    {
        var calls = new List<Task>();
        for (var call = 0; call < customers * callsEach; call++)
        {
            await _bucket.TakeAsync(stop);
            calls.Add(SendAsync(call / callsEach, 1 + (call % callsEach), stop));
        }

        await Task.WhenAll(calls);
    }

    public void Dispose()
    {
        _http.Dispose();
        _free.Dispose();
    }

    private async Task SendAsync(int customer, int seq, CancellationToken stop)
    {
        while (!await IsTakenAsync(customer, seq, stop))
        {
            await Task.Delay(_backOff, stop);
            await _bucket.TakeAsync(stop);
        }
    }

    private async Task<bool> IsTakenAsync(int customer, int seq, CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        try
        {
            using var request = CallText.Request(customer, seq, customerIo);
            using var answer = await _http.SendAsync(request, stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        finally
        {
            _free.Release();
        }
    }
}
