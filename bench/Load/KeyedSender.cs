using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CioOrleans.Bench.Load;

/// <summary>Sends messages under keys to a dispatcher that may be killed and restarted at another address.</summary>
/// <param name="url">Where it is now.</param>
/// <param name="appKey">The key of the App API.</param>
/// <param name="patience">A caller hangs up after this time and repeats.</param>
internal sealed class KeyedSender(Func<Uri> url, string appKey, TimeSpan patience) : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time for one message, with all its repeats.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { Timeout = patience };
    private long _repeats;

    /// <summary>The number of requests that repeated an earlier one.</summary>
    public long Repeats => _repeats;

    /// <summary>Sends a message under its own key, and repeats it until the answer is final.</summary>
    /// <returns>What the answer says, and its body.</returns>
    /// <exception cref="TimeoutException">There was no final answer within ten minutes.</exception>
    public async Task<(Told Told, string Body)> SendAsync(string seq, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < _patience)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url(), "/v1/send/email"))
                {
                    Content = new StringContent(
                        $$$"""{"to":"a@example.com","transactional_message_id":3,"identifiers":{"id":"{{{seq}}}"},"message_data":{"seq":"{{{seq}}}"}}""", Encoding.UTF8, "application/json"),
                };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", appKey);
                request.Headers.Add("Idempotency-Key", seq);
                using var response = await _http.SendAsync(request, stop);
                var body = await response.Content.ReadAsStringAsync(stop);
                switch (response.StatusCode)
                {
                    case HttpStatusCode.OK:
                        return (Told.Sent, body);
                    case HttpStatusCode.FailedDependency:
                        return (Told.Unknown, body);
                    case not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable):
                        return (Told.Nothing, $"{(int)response.StatusCode} {body}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
            }

            Interlocked.Increment(ref _repeats);
            await Task.Delay(_pause, stop);
        }

        throw new TimeoutException($"Message {seq} got no final answer within {_patience.TotalMinutes:0} minutes.");
    }

    public void Dispose() => _http.Dispose();
}
