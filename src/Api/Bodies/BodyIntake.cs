using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using CioOrleans.Api.Answers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Bodies;

/// <summary>The largest body that is accepted, in bytes, and the answer to a larger one.</summary>
internal readonly record struct BodyLimit(int MaxBytes, Refusal TooLarge);

/// <summary>
/// Reads plain and gzip bodies. Each has a deadline and a size limit, and all together keep to the buffer budget. Call it only after the request's
/// credentials were checked.
/// </summary>
internal sealed class BodyIntake(ApiSettings settings, TimeProvider time)
{
    private readonly BufferBudget _budget = new(settings.MaxBufferedBytes);

    /// <summary>
    /// Reads the body into the server's buffers and passes it to <paramref name="take"/>, once, before it returns. A refused body is not passed on. A
    /// small body that has already arrived is not counted in the buffer budget.
    /// </summary>
    /// <returns>What <paramref name="take"/> returned, or the refusal.</returns>
    public async ValueTask<(T? Taken, Refusal? Refusal)> ReadAsync<T, TState>(HttpContext context, BodyLimit limit, TState state, BodyTaker<T, TState> take)
    {
        if (context.Request.ContentLength > limit.MaxBytes)
        {
            return (default, limit.TooLarge);
        }

        BufferLease? lease = null;
        var reader = context.Request.BodyReader;
        ITimer? deadline = null;
        try
        {
            // Ends with the body, with its limit or with its deadline.
            while (true)
            {
                // No token: the server ends the read when the connection breaks, and RequestAborted costs an allocation.
                var pending = reader.ReadAsync();
                if (!pending.IsCompleted)
                {
                    deadline ??= time.CreateTimer(static body => ((PipeReader)body!).CancelPendingRead(), reader, settings.BodyTimeout, Timeout.InfiniteTimeSpan);
                }

                var read = await pending;
                var refusal = read.IsCanceled ? BodyRefusals.TooSlow
                    : read.Buffer.Length > limit.MaxBytes ? limit.TooLarge
                    : lease is null && read.IsCompleted && read.Buffer.Length <= BufferBudget.SmallBytes ? null
                    : !(lease ??= Lease(context.Response)).TryGrow(read.Buffer.Length) ? NoRoom(context.Response)
                    : null;
                if (refusal is not null)
                {
                    // Close the connection, so that the server need not read the rest of the body.
                    context.Response.Headers.Connection = "close";
                    reader.AdvanceTo(read.Buffer.End);
                    return (default, refusal);
                }

                if (read.IsCompleted)
                {
                    var taken = Take(context, limit, read.Buffer, lease, state, take);
                    reader.AdvanceTo(read.Buffer.End);
                    return taken;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            if (deadline is not null)
            {
                await deadline.DisposeAsync();
            }
        }
    }

    /// <summary>A lease of the buffer budget that ends with the response.</summary>
    public BufferLease Lease(HttpResponse response)
    {
        var lease = new BufferLease(_budget);
        response.RegisterForDispose(lease);
        return lease;
    }

    /// <summary>Opens a body that is read as it arrives, decoded. The caller enforces the limits. Null if its encoding is not known.</summary>
    public static PipeReader? Open(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => request.BodyReader,
        "gzip" => PipeReader.Create(new GZipStream(new BodyStream(request.BodyReader), CompressionMode.Decompress)),
        _ => null,
    };

    /// <summary>Reads the whole body into a new array.</summary>
    public ValueTask<(byte[]? Taken, Refusal? Refusal)> ReadAsync(HttpContext context, BodyLimit limit) =>
        ReadAsync<byte[], object?>(context, limit, null, static (_, body, decoded) => decoded ?? body.ToArray());

    private (T? Taken, Refusal? Refusal) Take<T, TState>(
        HttpContext context, BodyLimit limit, in ReadOnlySequence<byte> body, BufferLease? lease, TState state, BodyTaker<T, TState> take)
    {
        var encoding = context.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || body.IsEmpty || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return (TakeWhole(body, state, take), null);
        }

        if (!string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase))
        {
            return (default, BodyRefusals.UnknownEncoding);
        }

        var encoded = body.Length;
        lease ??= Lease(context.Response);
        return GzipBody.Decode(body, limit.MaxBytes, size => lease.TryGrow(encoded + size)) switch
        {
            GzipResult.Decoded decoded => (take(state, decoded.Bytes, decoded.Bytes), null),
            GzipResult.TooLarge => (default, limit.TooLarge),
            GzipResult.NoRoom => (default, NoRoom(context.Response)),
            _ => (default, BodyRefusals.NotGzip),
        };
    }

    private static T TakeWhole<T, TState>(in ReadOnlySequence<byte> body, TState state, BodyTaker<T, TState> take)
    {
        if (body.IsSingleSegment)
        {
            return take(state, body.FirstSpan, null);
        }

        var length = (int)body.Length;
        if (length > BufferBudget.SmallBytes * 2)
        {
            // The pool would keep a large array forever.
            var own = body.ToArray();
            return take(state, own, own);
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return take(state, rented.AsSpan(0, length), null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Refusal NoRoom(HttpResponse response)
    {
        Answer.SetRetryAfter(response, TimeSpan.FromSeconds(1));
        return BodyRefusals.NoRoom;
    }
}

/// <summary>Converts a body.</summary>
/// <param name="state">The caller's state.</param>
/// <param name="body">The decoded body. Valid only until this returns.</param>
/// <param name="own">The same body in an array that may be kept; null if there is no such array.</param>
internal delegate T BodyTaker<T, TState>(TState state, ReadOnlySpan<byte> body, byte[]? own);
