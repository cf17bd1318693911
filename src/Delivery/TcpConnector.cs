using System.Net;
using System.Net.Sockets;

namespace CioOrleans.Delivery;

/// <summary>
/// Connects to Customer.io. The kernel repeats a lost connection request after 1, 2 and 4 seconds. A further socket each second finds the end of a network
/// outage sooner. The first socket that is connected is used.
/// </summary>
internal sealed class TcpConnector(TimeProvider time)
{
    private static readonly TimeSpan _nextSocketAfter = TimeSpan.FromSeconds(1);

    /// <summary>The callback for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
        return new ResettingStream(await ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false));
    }

    private async Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var connecting = new List<Task<Socket>>();
        try
        {
            for (var started = 0; ; started++)
            {
                connecting.Add(ConnectOneAsync(new IPEndPoint(addresses[started % addresses.Length], port), losers.Token));
                var isLastAddress = started + 1 >= addresses.Length;
                var pause = Task.Delay(_nextSocketAfter, time, losers.Token);
                while (await Task.WhenAny([.. connecting, pause]).ConfigureAwait(false) is Task<Socket> ended)
                {
                    connecting.Remove(ended);
                    if (ended.IsCompletedSuccessfully || (isLastAddress && connecting.Count == 0))
                    {
                        return await ended.ConfigureAwait(false);
                    }

                    if (!isLastAddress)
                    {
                        break;
                    }
                }

                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await losers.CancelAsync().ConfigureAwait(false);
            foreach (var loser in connecting)
            {
                _ = loser.ContinueWith(
                    static task => task.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            }
        }
    }

    private static async Task<Socket> ConnectOneAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,

            // After an orderly close the kernel transmits unacknowledged bytes for minutes. With a linger time of 0 it drops
            // unsent bytes and resets the connection, also when the process dies.
            LingerState = new LingerOption(true, 0),
        };
        try
        {
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Closes the socket with a reset; the base class closes it in order. Bytes of an attempt are transmitted until the attempt's end and no longer, even if
    /// the process is frozen meanwhile.
    /// </summary>
    private sealed class ResettingStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LimitTransmission();
            return base.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            LimitTransmission();
            return base.WriteAsync(buffer, offset, count, cancellationToken);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            LimitTransmission();
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            LimitTransmission();
            base.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Socket.Close(timeout: 0);
            }

            base.Dispose(disposing);
        }

        private void LimitTransmission()
        {
            // A TLS handshake is not a request and may belong to no attempt.
            if (Attempt.CurrentTimeLeft is { } left)
            {
                TransmissionLimit.Set(Socket, left);
            }
        }
    }
}
