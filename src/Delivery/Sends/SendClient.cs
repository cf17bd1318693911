using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery.Forwarding;

namespace CioOrleans.Delivery.Sends;

/// <summary>Sends a message under a permit, once.</summary>
public sealed class SendClient(CustomerIoHttp http, TimeProvider time)
{
    /// <summary>Makes one attempt. Returns the failures of the network and of Customer.io as results; it does not throw for them.</summary>
    public async Task<SendAttempt> SendAsync(WorkspaceSettings workspace, SendRequest message, ForwardPermit permit)
    {
        using var request = Create(workspace, message);
        if (request is null)
        {
            return new SendAttempt.Unsendable("The request target does not lead to the configured host.");
        }

        try
        {
            return await permit.Attempt.SendAsync(async token =>
            {
                using var response = await http.SendAsync(request, token);
                var signal = RateLimitHeaders.Parse(response.Headers, time.GetUtcNow());
                await permit.OnAnsweredAsync((int)response.StatusCode, signal);
                var body = await response.Content.ReadAsByteArrayAsync(token);
                return new SendAttempt.Response((int)response.StatusCode, signal, HeadersOf(response), body);
            });
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException or PermitExpiredException)
        {
            return permit.Attempt.ResultOf(exception) switch
            {
                AttemptResult.NoResponse { Kind: FailureKind.TimedOut } => new SendAttempt.NoResponse(WasWritten: true, TimedOut: true, "Customer.io did not answer in time."),
                AttemptResult.NoResponse { Kind: FailureKind.ConnectionLost } => new SendAttempt.NoResponse(WasWritten: true, TimedOut: false, "The connection to Customer.io broke."),
                _ => new SendAttempt.NoResponse(WasWritten: false, TimedOut: false, "Customer.io cannot be reached."),
            };
        }
        catch (Exception exception) when (!permit.Attempt.IsWritten)
        {
            return new SendAttempt.Unsendable($"The request cannot be written: {exception.Message}");
        }
    }

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
