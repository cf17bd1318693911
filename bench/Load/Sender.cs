using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CioOrleans.Bench.Load;

/// <summary>Sends transactional messages, each with its own <c>seq</c>, and returns what the dispatcher answered.</summary>
internal sealed class Sender : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>The longest time for one message, with all its repeats. The scenarios' outages are shorter.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http;

    public Sender(Uri url, string appKey, TimeSpan timeout)
    {
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = url, Timeout = timeout };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", appKey);
    }

    /// <summary>Sends a message. Repeats it after an answer that says that nothing was sent (429, 503).</summary>
    /// <exception cref="TimeoutException">There was no final answer within ten minutes.</exception>
    public async Task<Told> SendAsync(string seq, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < _patience)
        {
            using var response = await PostAsync(seq, stored: false, stop);
            switch (response?.StatusCode)
            {
                case HttpStatusCode.OK:
                    return Told.Sent;
                case HttpStatusCode.FailedDependency:
                    return Told.Unknown;
                case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                    await Task.Delay(_pause, stop);
                    break;
                default:
                    return Told.Nothing;
            }
        }

        throw NoAnswer(seq);
    }

    /// <summary>Sends a message as the Node SDK does: with up to three repeats after a time-out, a broken connection or a 5xx.</summary>
    public async Task SendAsSdkAsync(string seq, CancellationToken stop)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            using var response = await PostAsync(seq, stored: false, stop);
            if (response is { StatusCode: < HttpStatusCode.InternalServerError })
            {
                return;
            }
        }
    }

    /// <summary>Has a message stored. Returns the address of its result.</summary>
    /// <exception cref="TimeoutException">It was not stored within ten minutes.</exception>
    public async Task<Uri> StoreAsync(string seq, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < _patience)
        {
            using var response = await PostAsync(seq, stored: true, stop);
            if (response is { StatusCode: HttpStatusCode.OK, Headers.Location: { } location })
            {
                return location;
            }

            await Task.Delay(_pause, stop);
        }

        throw NoAnswer(seq);
    }

    /// <summary>The state of a stored message: waiting, sent, failed or unknown.</summary>
    public async Task<string> StateAsync(Uri result, CancellationToken stop)
    {
        using var answer = JsonDocument.Parse(await _http.GetStringAsync(result, stop));
        return answer.RootElement.GetProperty("state").GetString()!;
    }

    public void Dispose() => _http.Dispose();

    private static TimeoutException NoAnswer(string seq) => new($"Message {seq} got no final answer within {_patience.TotalMinutes:0} minutes.");

    private async Task<HttpResponseMessage?> PostAsync(string seq, bool stored, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/send/email")
        {
            Content = new StringContent(
                $$$"""{"to":"a@example.com","transactional_message_id":3,"identifiers":{"id":"{{{seq}}}"},"message_data":{"seq":"{{{seq}}}"}}""", Encoding.UTF8, "application/json"),
        };
        if (stored)
        {
            request.Headers.Add("Prefer", "respond-async");
        }

        try
        {
            return await _http.SendAsync(request, stop);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
