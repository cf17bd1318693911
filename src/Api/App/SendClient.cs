using System.Net.Http.Headers;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery;
using CioOrleans.Leasing;
using CioOrleans.RateLimiting;

namespace CioOrleans.Api.App;

/// <summary>Puts a message on the wire under a permit, once: not even the HTTP stack may repeat it.</summary>
internal sealed class SendClient(ILeaseStore leases, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _http = CustomerIoHandler.Create();

    /// <summary>Makes one attempt. Never throws for what the network or Customer.io can do.</summary>
    public async Task<SendAttempt> SendAsync(WorkspaceSettings workspace, SendRequest message, Permit permit, TimeSpan timeout)
    {
        var wasWritten = false;
        using var request = Create(workspace, message, () =>
        {
            var holds = leases.Now < permit.ExpiresAt;
            wasWritten |= holds;
            return holds;
        });
        using var deadline = new CancellationTokenSource(timeout, time);
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            var signal = RateLimitHeaders.Parse(response.Headers, time.GetUtcNow());
            var body = await response.Content.ReadAsByteArrayAsync(deadline.Token);
            return new SendAttempt.Response((int)response.StatusCode, signal, HeadersOf(response), body);
        }
        catch (OperationCanceledException)
        {
            return new SendAttempt.NoResponse(wasWritten, TimedOut: true, "Customer.io did not answer in time.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or PermitExpiredException)
        {
            return new SendAttempt.NoResponse(wasWritten, TimedOut: false, wasWritten ? "The connection to Customer.io broke." : "Customer.io cannot be reached.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Create(WorkspaceSettings workspace, SendRequest message, Func<bool> permitHolds)
    {
        var uri = UpstreamUri.Of(workspace.AppUrl, message.Target);
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new PermitCheckedContent(message.Body, permitHolds) };
        foreach (var (name, values) in message.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workspace.AppApiKey);
        return request;
    }

    private static List<KeyValuePair<string, string[]>> HeadersOf(HttpResponseMessage response) =>
    [
        .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => !CallRules.IsHopByHop(header.Key) && !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
    ];
}
