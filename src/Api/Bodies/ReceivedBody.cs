using System.Buffers;
using System.IO.Pipelines;
using CioOrleans.Api.Answers;

namespace CioOrleans.Api.Bodies;

/// <summary>A request's body as it was sent, decoded, in a rented buffer; or the reason why it was not read.</summary>
internal readonly struct ReceivedBody : IDisposable
{
    private readonly byte[]? _rented;
    private readonly int _length;

    private ReceivedBody(byte[]? rented, int length, Refusal? refusal)
    {
        _rented = rented;
        _length = length;
        Refusal = refusal;
    }

    /// <summary>Null where the body was read.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _rented.AsSpan(0, _length);

    /// <summary>Reads a body, plain or with gzip.</summary>
    /// <param name="request">Whose body nobody has read.</param>
    /// <param name="maxBytes">A larger one, also after decoding, is refused.</param>
    /// <param name="tooLarge">With what.</param>
    public static async ValueTask<ReceivedBody> ReadAsync(HttpRequest request, int maxBytes, Func<int, Refusal> tooLarge)
    {
        if (request.ContentLength > maxBytes)
        {
            return Refused(tooLarge(maxBytes));
        }

        var reader = request.BodyReader;
        ReadResult read;
        while (true)
        {
            // No token: the server ends the read itself when the connection is gone, and making RequestAborted costs an allocation.
            read = await reader.ReadAsync();
            if (read.IsCompleted || read.Buffer.Length > maxBytes)
            {
                break;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        var body = read.Buffer.Length > maxBytes ? Refused(tooLarge(maxBytes)) : Take(request, read.Buffer, maxBytes, tooLarge);
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static ReceivedBody Take(HttpRequest request, in ReadOnlySequence<byte> body, int maxBytes, Func<int, Refusal> tooLarge)
    {
        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count == 0 || body.IsEmpty || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return Copy(body);
        }

        if (!string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Refused(BodyRefusals.UnknownEncoding);
        }

        return GzipBody.Decode(body, maxBytes) switch
        {
            null => Refused(BodyRefusals.NotGzip),
            var decoded when decoded.Length > maxBytes => Refused(tooLarge(maxBytes)),
            var decoded => Copy(new ReadOnlySequence<byte>(decoded)),
        };
    }

    private static ReceivedBody Copy(in ReadOnlySequence<byte> body)
    {
        var length = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(rented);
        return new ReceivedBody(rented, length, null);
    }

    private static ReceivedBody Refused(Refusal refusal) => new(null, 0, refusal);
}
