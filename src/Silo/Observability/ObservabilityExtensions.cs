using System.Diagnostics.Metrics;
using CioOrleans.Delivery.Tracing;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Silo.Configuration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CioOrleans.Silo.Observability;

/// <summary>Metrics, traces and logs.</summary>
public static class ObservabilityExtensions
{
    /// <summary>The name of the dispatcher's meter.</summary>
    public const string MeterName = DispatcherMetrics.MeterName;

    /// <summary>The standard variable with a collector's address. Without it nothing is exported by OTLP.</summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// The maximum number of series of a framework's metric. Frameworks label by types and silos, not by workspaces. The default is 2,000 each, which takes 20
    /// MB.
    /// </summary>
    private const int FrameworkSeries = 200;

    /// <summary>Registers <see cref="DispatcherMetrics"/>, the exporters of metrics and traces, and the console log.</summary>
    public static TBuilder AddDispatcherObservability<TBuilder>(this TBuilder builder, LoggingSettings logging)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddDispatcherConsole(logging);

        // ASP.NET logs an error for each unhealthy answer, and probes ask every few seconds. The answer says why.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.AddMetrics().AddSingleton<DispatcherMetrics>();
        var exportsOtlp = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(DispatcherMetrics.MeterName, "Microsoft.Orleans", "System.Runtime").AddView(Frameworks).AddPrometheusExporter();
            if (exportsOtlp)
            {
                // Latencies of sampled calls name their trace.
                metrics.SetExemplarFilter(ExemplarFilterType.TraceBased);
                metrics.AddOtlpExporter();
            }
        });
        if (exportsOtlp)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(AttemptScope.SourceName, "Microsoft.Orleans.Application", "Microsoft.AspNetCore", "System.Net.Http")
                .AddProcessor<CustomerRedaction>()
                .AddOtlpExporter());
        }

        return builder;
    }

    private static MetricStreamConfiguration? Frameworks(Instrument instrument) =>
        instrument.Meter.Name == DispatcherMetrics.MeterName ? null : new MetricStreamConfiguration { CardinalityLimit = FrameworkSeries };

    /// <summary>Serves Prometheus at <c>/metrics</c>.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint();
}
