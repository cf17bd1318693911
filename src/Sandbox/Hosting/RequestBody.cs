using System.Buffers;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>A whole request body in a pooled array.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly byte[]? _rented;
    private readonly int _length;

    private RequestBody(byte[] rented, int length) => (_rented, _length) = (rented, length);

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    /// <summary>Reads a whole body; null if the client disconnected before its end.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength == 0)
        {
            return default(RequestBody);
        }

        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var result = await reader.ReadAsync(request.HttpContext.RequestAborted);
                if (result.IsCompleted)
                {
                    var body = Copy(result.Buffer);
                    reader.AdvanceTo(result.Buffer.End);
                    return body;
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static RequestBody Copy(in ReadOnlySequence<byte> bytes)
    {
        var length = (int)bytes.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(rented);
        return new RequestBody(rented, length);
    }
}
