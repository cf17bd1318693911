using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CioOrleans.Silo.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Api.Tests.Http;

/// <summary>A caller disconnects in the middle of a body. The body's reader may learn of it before the rest of the server does: here the rest never does.</summary>
public sealed class DisconnectTests
{
    /// <summary>The name in the server's certificate.</summary>
    private const string Name = "CN=a";

    /// <summary>How long the server may take to end a request of loopback.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, Func<HttpContext, Task>> _readers = new()
    {
        ["pipe"] = async context =>
        {
            while (await context.Request.BodyReader.ReadAsync() is { IsCompleted: false } read)
            {
                context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        },
        ["stream"] = context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted),
        ["none"] = _ => Task.CompletedTask,
    };

    /// <summary>How a transport reports an end: what Kestrel completes it with when it closes the connection itself, and what the kernel reports when packets are lost.</summary>
    private static readonly Dictionary<string, Func<Exception>> _failures = new()
    {
        ["aborted"] = () => new ConnectionAbortedException("aborted"),
        ["timed out"] = () => new SocketException((int)SocketError.TimedOut),
        ["unreachable"] = () => new SocketException((int)SocketError.HostUnreachable),
    };

    public static MatrixTheoryData<string, string, bool> Failures { get; } = new(_failures.Keys, ["pipe", "stream"], [false, true]);

    public static MatrixTheoryData<string, bool> Readers { get; } = new(_readers.Keys, [false, true]);

    public static MatrixTheoryData<string, bool, bool, bool> Disconnects { get; } = new(_readers.Keys, [false, true], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Disconnects))]
    public Task A_disconnect_in_a_body_is_no_error(string reader, bool isReset, bool isChunked, bool isEncrypted) =>
        AssertSilentAsync(LogLevel.Warning, reader, isChunked, isEncrypted, failure: null, client =>
        {
            client.LingerState = new LingerOption(isReset, 0);
            client.Close();
        });

    /// <summary>Kestrel itself warns of what the kernel reports.</summary>
    [Theory]
    [MemberData(nameof(Failures))]
    public Task A_connection_that_fails_in_a_body_is_no_error(string failure, string reader, bool isChunked) =>
        AssertSilentAsync(LogLevel.Error, reader, isChunked, isEncrypted: false, _failures[failure], client => client.Close());

    [Theory]
    [MemberData(nameof(Readers))]
    public Task TLS_that_cannot_be_decrypted_in_a_body_is_no_error(string reader, bool isChunked) =>
        AssertSilentAsync(LogLevel.Warning, reader, isChunked, isEncrypted: true, failure: null, client => client.Send([0x17, 3, 3, 0, 40, .. new byte[40]]));

    private static async Task AssertSilentAsync(LogLevel level, string reader, bool isChunked, bool isEncrypted, Func<Exception>? failure, Action<Socket> end)
    {
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(Name, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddFakeLogging();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Use(next => async connection =>
            {
                connection.ConnectionClosed = CancellationToken.None;
                if (failure is not null)
                {
                    connection.Transport = new FailingPipe(connection.Transport, failure);
                }

                await next(connection);
                ended.SetResult();
            });
            if (isEncrypted)
            {
                endpoint.UseHttps(certificate);
            }
        }));
        await using var app = builder.Build();
        app.Use((HttpContext context, RequestDelegate next) => RequestGuard.InvokeAsync(context, "/", next, (response, status, _) =>
        {
            response.StatusCode = status;
            return Task.CompletedTask;
        }));
        app.Run(context =>
        {
            var read = _readers[reader](context);
            reading.SetResult();
            return read;
        });
        await app.StartAsync();

        using (var client = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await client.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
            await using var stream = isEncrypted ? await EncryptAsync(client) : new NetworkStream(client);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT / HTTP/1.1\r\nHost: a\r\n{(isChunked ? "Transfer-Encoding: chunked\r\n\r\n64" : "Content-Length: 100\r\n")}\r\n{{\"a\":"));
            await reading.Task.WaitAsync(_patience);
            end(client);
            await ended.Task.WaitAsync(_patience);
        }

        Logged.AssertNothing(app, level);
    }

    private static async Task<Stream> EncryptAsync(Socket client)
    {
        var encrypted = new SslStream(new NetworkStream(client));
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "a",
            RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == Name,
        });
        return encrypted;
    }

    /// <summary>A connection whose end is a failure.</summary>
    private sealed class FailingPipe(IDuplexPipe inner, Func<Exception> failure) : PipeReader, IDuplexPipe
    {
        public PipeReader Input => this;

        public PipeWriter Output => inner.Output;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            FailAtEnd(await inner.Input.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result)
        {
            var isRead = inner.Input.TryRead(out result);
            if (isRead)
            {
                FailAtEnd(result);
            }

            return isRead;
        }

        private ReadResult FailAtEnd(ReadResult read)
        {
            if (read.IsCompleted)
            {
                inner.Input.AdvanceTo(read.Buffer.End);
                throw failure();
            }

            return read;
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.Input.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.Input.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.Input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Input.Complete(exception);
    }
}
