using System.Buffers;
using System.IO.Pipelines;
using CioOrleans.Api.Answers;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Bodies;

/// <summary>The largest body that is taken, and what a larger one is answered.</summary>
internal readonly record struct BodyLimit(int MaxBytes, Refusal TooLarge);

/// <summary>
/// Reads bodies, plain or with gzip: each until a deadline, none beyond its limit, and all together within the budget for buffers. Call it once the request's credentials hold.
/// </summary>
internal sealed class BodyIntake(ApiSettings settings, TimeProvider time)
{
    private readonly BufferBudget _budget = new(settings.MaxBufferedBytes);

    /// <summary>
    /// Reads the body into the server's own buffers; a small one that is here already is not worth counting. <paramref name="take"/> makes something of it, once and before this returns; a body that is refused is not given to it.
    /// </summary>
    /// <returns>What <paramref name="take"/> made, or the refusal.</returns>
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
            while (true)
            {
                // No token: the server ends the read itself when the connection is gone, and making RequestAborted costs an allocation.
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
                    // What is still to come is not worth waiting for.
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

    /// <summary>A lease of the budget that ends with the response.</summary>
    public BufferLease Lease(HttpResponse response)
    {
        var lease = new BufferLease(_budget);
        response.RegisterForDispose(lease);
        return lease;
    }

    /// <summary>The whole body in an array of its own.</summary>
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
            // The pool would keep a large array for good.
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

/// <summary>Makes something of a body.</summary>
/// <param name="state">From the caller.</param>
/// <param name="body">Decoded; gone when this returns.</param>
/// <param name="own">The same in an array that may be kept; null where there is none.</param>
internal delegate T BodyTaker<T, TState>(TState state, ReadOnlySpan<byte> body, byte[]? own);
