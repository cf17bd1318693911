using System.Collections.Concurrent;
using CioOrleans.Configuration;
using CioOrleans.Limits;
using Polly;
using Polly.CircuitBreaker;

namespace CioOrleans.Delivery;

/// <summary>
/// A circuit breaker for each workspace, host and silo. It saves requests to a host that is down, and waiting on this silo. The workspace grain decides when a
/// call is attempted again.
/// </summary>
public sealed class CircuitBreakers(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Workspace, UpstreamHost Host), ResiliencePipeline<AttemptResult>> _pipelines = new();

    public ResiliencePipeline<AttemptResult> For(WorkspaceSettings workspace, UpstreamHost host) => _pipelines.GetOrAdd((workspace.Name, host), _ => Build());

    private ResiliencePipeline<AttemptResult> Build() =>
        new ResiliencePipelineBuilder<AttemptResult> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<AttemptResult>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(1),
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome)),
            })
            .Build();

    /// <summary>
    /// A time-out is not counted as a failure: a half-open breaker lets one attempt through at a time, and one that hangs would block the workspace's later
    /// probes until its time-out. The workspace limits how many probes may hang.
    /// </summary>
    private static bool IsFailure(Outcome<AttemptResult> outcome) =>
        outcome.Result is AttemptResult.NoResponse { Hung: false } ||
        (outcome.Result is AttemptResult.Response response && OutcomeTable.Judge(response.Status) == AttemptOutcome.Failed);
}
