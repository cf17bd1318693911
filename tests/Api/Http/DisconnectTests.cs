using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CioOrleans.Silo.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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

    public static MatrixTheoryData<string, bool, bool, bool> Disconnects { get; } = new(_readers.Keys, [false, true], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Disconnects))]
    public async Task A_disconnect_in_a_body_is_no_error(string reader, bool isReset, bool isChunked, bool isEncrypted)
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
            client.LingerState = new LingerOption(isReset, 0);
            client.Close();
        }

        await ended.Task.WaitAsync(_patience);
        var warnings = app.Services.GetFakeLogCollector().GetSnapshot().Where(line => line.Level >= LogLevel.Warning);
        Assert.Equal([], warnings.Select(line => $"{line.Message} {line.Exception}"));
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
}
