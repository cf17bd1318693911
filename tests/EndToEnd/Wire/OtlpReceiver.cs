using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Plays a collector of OpenTelemetry (OTLP over HTTP): keeps the bytes of what is posted.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _traces;

    private OtlpReceiver(WebApplication app, ConcurrentQueue<byte[]> traces) => (_app, _traces) = (app, traces);

    /// <summary>The environment that makes a process send here, soon.</summary>
    public (string Key, string Value)[] Environment =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100")];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var traces = new ConcurrentQueue<byte[]>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (signal == "traces")
            {
                traces.Enqueue(body.ToArray());
            }
        });
        await app.StartAsync();
        return new OtlpReceiver(app, traces);
    }

    /// <summary>Whether a span came whose parent is this one.</summary>
    public bool HasChildOf(string traceParent) => Has([0x22, 8, .. SpanId(traceParent)]);

    /// <summary>Whether a span came that links to this one. In a link the span's id follows the trace's.</summary>
    public bool HasLinkTo(string traceParent) => Has([0x0A, 16, .. Convert.FromHexString(traceParent.AsSpan(3, 32)), 0x12, 8, .. SpanId(traceParent)]);

    /// <summary>Whether bytes came that are these.</summary>
    public bool Has(ReadOnlySpan<byte> bytes)
    {
        foreach (var trace in _traces)
        {
            if (trace.AsSpan().IndexOf(bytes) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static byte[] SpanId(string traceParent) => Convert.FromHexString(traceParent.AsSpan(36, 16));
}
