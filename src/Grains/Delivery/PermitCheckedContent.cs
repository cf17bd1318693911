using System.Net;

namespace CioOrleans.Delivery;

/// <summary>
/// A body that checks its permit at the last moment. The handler has got its connection by then and holds the headers in a
/// buffer that leaves with the body's first bytes, so a request that is refused here has put nothing on the wire.
/// </summary>
internal sealed class PermitCheckedContent(byte[] body, Func<bool> permitHolds) : HttpContent
{
    private bool _wasWritten;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!permitHolds())
        {
            throw new PermitExpiredException();
        }

        // The handler repeats a request by itself when a pooled connection breaks. One permit is one arrival: never twice.
        if (_wasWritten)
        {
            throw new IOException("The connection was lost after the request had been written.");
        }

        _wasWritten = true;
        await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
