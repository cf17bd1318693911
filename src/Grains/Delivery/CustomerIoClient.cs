using System.Buffers;
using System.Net.Sockets;
using System.Text;
using CioOrleans.Batches;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CioOrleans.Delivery;

/// <summary>Sends one stored call to Customer.io, once.</summary>
internal sealed class CustomerIoClient(HttpMessageInvoker http, CircuitBreakers breakers, ILeaseStore leases, TimeProvider time)
{
    private const int MaxErrorBytes = 512;

    /// <summary>A batch's answer names every bad operation, a few hundred bytes each.</summary>
    private const int MaxBatchAnswerBytes = 1_048_576;

    /// <summary>Makes one attempt. Never throws for what the network or Customer.io can do.</summary>
    public async ValueTask<AttemptResult> SendAsync(WorkspaceSettings workspace, Call call, Permit permit, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation);
        context.Properties.Set(CircuitBreakers.AttemptTimeout, permit.AttemptTimeout);
        try
        {
            return await breakers.For(workspace, call.LimitClass.ToHost()).ExecuteAsync(
                static (ctx, state) => state.Client.AttemptAsync(state.Workspace, state.Call, state.Permit, ctx.CancellationToken),
                context,
                (Client: this, Workspace: workspace, Call: call, Permit: permit)).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return NoResponse(FailureKind.TimedOut, $"no response within {permit.AttemptTimeout.TotalSeconds:0.###} s");
        }
        catch (BrokenCircuitException)
        {
            return NoResponse(FailureKind.BreakerOpen, "not sent: the circuit breaker is open, because most requests failed");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<AttemptResult> AttemptAsync(WorkspaceSettings workspace, Call call, Permit permit, CancellationToken cancellation)
    {
        var sentAt = 0L;
        using var request = OutgoingRequest.Create(workspace, call, () =>
        {
            sentAt = time.GetTimestamp();
            return leases.Now < permit.ExpiresAt;
        });
        try
        {
            using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
            var endedAt = time.GetTimestamp();
            var status = (int)response.StatusCode;
            var signal = RateLimitHeaders.Parse(response.Headers, time.GetUtcNow());
            var body = await ReadStartAsync(response, call.Target == BatchRequest.Target ? MaxBatchAnswerBytes : MaxErrorBytes, cancellation).ConfigureAwait(false);
            return new AttemptResult.Response(status, signal, body) { EndedAt = endedAt, SentAt = sentAt };
        }
        catch (Exception exception) when (IsPermitExpired(exception))
        {
            return new AttemptResult.PermitExpired { EndedAt = time.GetTimestamp() };
        }
        catch (HttpRequestException exception)
        {
            return NoResponse(KindOf(exception), Describe(exception));
        }
        catch (IOException exception)
        {
            return NoResponse(FailureKind.ConnectionLost, Describe(exception));
        }
    }

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

    private AttemptResult.NoResponse NoResponse(FailureKind kind, string reason) => new(kind, reason) { EndedAt = time.GetTimestamp() };

    private static bool IsPermitExpired(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is PermitExpiredException)
            {
                return true;
            }
        }

        return false;
    }

    private static FailureKind KindOf(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError => FailureKind.Unreachable,
        _ => FailureKind.ConnectionLost,
    };

    private static string Describe(Exception exception) => exception.InnerException switch
    {
        SocketException socket => $"{exception.Message} ({socket.SocketErrorCode})",
        { } inner => $"{exception.Message} ({inner.Message})",
        null => exception.Message,
    };
}
