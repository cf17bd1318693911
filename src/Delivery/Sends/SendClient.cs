using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery.Forwarding;
using CioOrleans.Delivery.Tracing;

namespace CioOrleans.Delivery.Sends;

/// <summary>Sends a message under a permit, once.</summary>
public sealed class SendClient(CustomerIoHttp http, TimeProvider time)
{
    /// <summary>As many bytes of the body are kept as text.</summary>
    private const int MaxErrorBytes = 512;

    /// <summary>Makes one attempt. Returns the failures of the network and of Customer.io as results; it does not throw for them.</summary>
    public async Task<AttemptResult> SendAsync(WorkspaceSettings workspace, SendRequest message, ForwardPermit permit)
    {
        using var scope = AttemptScope.OfForward(time, workspace, message.LimitClass, "POST");
        var result = await AttemptAsync(workspace, message, permit);
        scope.End(result);
        return result;
    }

    private async Task<AttemptResult> AttemptAsync(WorkspaceSettings workspace, SendRequest message, ForwardPermit permit)
    {
        using var request = Create(workspace, message);
        if (request is null)
        {
            return Unsendable("The request target does not lead to the configured host.");
        }

        try
        {
            return await permit.Attempt.SendAsync(async token =>
            {
                using var response = await http.SendAsync(request, token);
                var signal = RateLimitHeaders.Parse(response.Headers, time.GetUtcNow());
                var endedAt = time.GetTimestamp();
                await permit.OnAnsweredAsync((int)response.StatusCode, signal);
                var body = await response.Content.ReadAsByteArrayAsync(token);
                return new AttemptResult.Response((int)response.StatusCode, signal, Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, MaxErrorBytes)))
                {
                    EndedAt = endedAt,
                    SentAt = permit.Attempt.WrittenAt,
                    Whole = new WholeResponse(HeadersOf(response), body),
                };
            });
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException or PermitExpiredException)
        {
            return permit.Attempt.ResultOf(exception);
        }
        catch (Exception exception) when (!permit.Attempt.IsWritten)
        {
            return Unsendable($"The request cannot be written: {exception.Message}");
        }
    }

    private AttemptResult.Unsendable Unsendable(string reason) => new(reason) { EndedAt = time.GetTimestamp() };

    private static HttpRequestMessage? Create(WorkspaceSettings workspace, SendRequest message)
    {
        if (UpstreamUri.Of(OutgoingRequest.UrlOf(workspace, message.LimitClass), message.Target) is not { } uri)
        {
            return null;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(message.Body) };
        foreach (var (name, values) in message.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        OutgoingRequest.Authorize(request.Headers, workspace, message.LimitClass);
        return request;
    }

    private static List<KeyValuePair<string, string[]>> HeadersOf(HttpResponseMessage response) =>
    [
        .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => !CallRules.IsHopByHop(header.Key) && header.Value.All(value => CallRules.WhyBadHeader(header.Key, value) is null) && !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
    ];
}
