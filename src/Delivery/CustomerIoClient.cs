using System.Buffers;
using System.Text;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery.Batches;
using Polly.CircuitBreaker;

namespace CioOrleans.Delivery;

/// <summary>Sends one stored call to Customer.io, once.</summary>
public sealed class CustomerIoClient(CustomerIoHttp http, CircuitBreakers breakers, IPermitClock clock, TimeProvider time)
{
    private const int MaxErrorBytes = 512;

    /// <summary>The answer to a send is kept whole for its caller. Customer.io's answers have about a hundred bytes.</summary>
    private const int MaxSendAnswerBytes = 65_536;

    /// <summary>The answer to a batch names every wrong operation, in a few hundred bytes each.</summary>
    private const int MaxBatchAnswerBytes = 1_048_576;

    /// <summary>Makes one attempt, and returns once its request has ended. Never throws for an error of the network or of Customer.io.</summary>
    public async ValueTask<AttemptResult> SendAsync(WorkspaceSettings workspace, Call call, Permit permit, CancellationToken cancellation)
    {
        if (OutgoingRequest.TryCreate(workspace, call, out var made) is { } reason)
        {
            return Unsendable(reason);
        }

        using var request = made!;
        AttemptResult result;
        var attempt = new Attempt(permit, clock, time);
        await using (attempt.ConfigureAwait(false))
        {
            result = await SendAsync(workspace, call, request, attempt, cancellation).ConfigureAwait(false);
        }

        return result with { WrittenAt = attempt.WrittenAt, EndedAt = attempt.IsAnswered ? result.EndedAt : time.GetTimestamp() };
    }

    private async ValueTask<AttemptResult> SendAsync(WorkspaceSettings workspace, Call call, HttpRequestMessage request, Attempt attempt, CancellationToken cancellation)
    {
        try
        {
            return await breakers.For(workspace, workspace.HostOf(call.LimitClass)).ExecuteAsync(
                static (state, token) => state.Client.AttemptAsync(state.Request, state.Call, state.Attempt, token),
                (Client: this, Request: request, Call: call, Attempt: attempt),
                cancellation).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return new AttemptResult.NoResponse(FailureKind.BreakerOpen, "not sent: the circuit breaker is open, because most requests failed") { EndedAt = time.GetTimestamp() };
        }
    }

    private async ValueTask<AttemptResult> AttemptAsync(HttpRequestMessage request, Call call, Attempt attempt, CancellationToken cancellation)
    {
        try
        {
            return await attempt.SendAsync(
                async token =>
                {
                    using var response = await http.SendAsync(request, token).ConfigureAwait(false);
                    attempt.OnAnswered();
                    var endedAt = time.GetTimestamp();
                    var signal = RateLimitHeaders.Parse(response.Headers, time.GetUtcNow());
                    var body = await ReadStartAsync(response, MaxBytesOf(call), token).ConfigureAwait(false);
                    return new AttemptResult.Response((int)response.StatusCode, signal, body) { EndedAt = endedAt, SentAt = attempt.WrittenAt, ContentType = ContentTypeOf(response) };
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException or PermitExpiredException)
        {
            return attempt.ResultOf(exception);
        }
        catch (Exception exception) when (!attempt.IsWritten)
        {
            // An unexpected error before anything was written: the request itself is wrong.
            return Unsendable($"The request cannot be written: {exception.Message}");
        }
    }

    private static int MaxBytesOf(Call call) =>
        call.Kind == CallKind.Send ? MaxSendAnswerBytes : call.Target == BatchRequest.Target ? MaxBatchAnswerBytes : MaxErrorBytes;

    private static string? ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    private AttemptResult.Unsendable Unsendable(string reason) => new(reason) { EndedAt = time.GetTimestamp() };

    /// <summary>Reads the whole response, so that its connection can be used again, and keeps the first bytes.</summary>
    private static async ValueTask<string> ReadStartAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var start = ArrayPool<byte>.Shared.Rent(maxBytes);
        try
        {
            var length = await stream.ReadAtLeastAsync(start.AsMemory(0, maxBytes), maxBytes, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (length == maxBytes)
            {
                await stream.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
            }

            return Encoding.UTF8.GetString(start, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(start);
        }
    }
}
