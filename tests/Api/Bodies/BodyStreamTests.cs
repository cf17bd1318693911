using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Api.Tests.Bodies;

/// <summary>The server reads the rest of a body that nobody wants any more. An error in its log says that it could not.</summary>
public sealed class BodyStreamTests
{
    /// <summary>How long the server may take to answer on loopback.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, (string Header, Func<HttpRequest, Task> ReadAndCancel)> _readings = new()
    {
        ["stream"] = ("X-None: 1", async request =>
        {
            using var source = new CancellationTokenSource();
            var read = new BodyStream(request.BodyReader).ReadAtLeastAsync(new byte[100], 100, cancellationToken: source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.AsTask());
        }),
        ["import"] = ("X-None: 1", ReadAndCancelAsync),
        ["gzip import"] = ("Content-Encoding: gzip", ReadAndCancelAsync),
    };

    public static MatrixTheoryData<string, bool> Readings { get; } = new(_readings.Keys, [false, true]);

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task The_rest_of_a_body_is_read_after_a_read_was_canceled(string reading, bool isChunked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(context => HttpMethods.IsPut(context.Request.Method) ? _readings[reading].ReadAndCancel(context.Request) : Task.CompletedTask);
        await app.StartAsync();

        using (var caller = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await caller.ConnectAsync("127.0.0.1", new Uri(app.Urls.Single()).Port);
            await using var connection = new NetworkStream(caller);
            using var answers = new StreamReader(connection, Encoding.ASCII);
            var head = $"PUT / HTTP/1.1\r\nHost: a\r\n{_readings[reading].Header}\r\n";
            var body = Gzip($"{{\"a\":\"{new string('b', 50)}\"}}");
            var length = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
            var start = isChunked ? $"{body.Length:x}\r\n" : "";
            await connection.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{head}{length}\r\n\r\n{start}"), .. body[..10]]);
            Assert.Equal("HTTP/1.1 200 OK", await answers.ReadLineAsync().WaitAsync(_patience));
            await connection.WriteAsync((byte[])[.. body[10..], .. Encoding.ASCII.GetBytes(isChunked ? "\r\n0\r\n\r\n" : "")]);
            await connection.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
            Assert.Contains("HTTP/1.1 ", await answers.ReadToEndAsync().WaitAsync(_patience), StringComparison.Ordinal);
        }

        await app.StopAsync();
        Logged.AssertNothing(app, LogLevel.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7_000)]
    [InlineData(200_000)]
    public async Task A_body_of_many_segments_is_read_whole_into_any_buffer(int bufferSize)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var body = Enumerable.Range(0, 100_000).Select(i => (byte)(i % 251)).ToArray();
        foreach (var part in body.Chunk(3_000))
        {
            await pipe.Writer.WriteAsync(part);
        }

        await pipe.Writer.CompleteAsync();
        var stream = new BodyStream(pipe.Reader);
        using var copy = new MemoryStream();
        var buffer = new byte[bufferSize];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            copy.Write(buffer, 0, read);
            Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        }

        Assert.Equal(body, copy.ToArray());
    }

    [Fact]
    public async Task A_read_without_bytes_is_not_the_end() =>
        Assert.Equal(2, await new BodyStream(new HesitantPipe(PipeReader.Create(new MemoryStream([1, 2])))).ReadAsync(new byte[10]));

    private static async Task ReadAndCancelAsync(HttpRequest request)
    {
        var body = BodyIntake.Open(request)!;
        while (true)
        {
            var reading = body.ReadAsync();
            if (!reading.IsCompleted)
            {
                body.CancelPendingRead();
            }

            var read = await reading;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCanceled)
            {
                return;
            }
        }
    }

    private static byte[] Gzip(string text)
    {
        using var body = new MemoryStream();
        using (var encoding = new GZipStream(body, CompressionLevel.Fastest))
        {
            encoding.Write(Encoding.ASCII.GetBytes(text));
        }

        return body.ToArray();
    }

    /// <summary>Its first read brings no bytes.</summary>
    private sealed class HesitantPipe(PipeReader inner) : PipeReader
    {
        private bool _hasHesitated;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => _hasHesitated ? await inner.ReadAsync(cancellationToken) : default;

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            if (_hasHesitated)
            {
                inner.AdvanceTo(consumed, examined);
            }

            _hasHesitated = true;
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
