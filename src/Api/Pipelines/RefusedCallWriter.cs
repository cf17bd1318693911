using CioOrleans.Api.Answers;
using CioOrleans.Refusing;

namespace CioOrleans.Api.Pipelines;

/// <summary>Gives the refused calls that wait to their workspaces' grains, once a second, a batch for each workspace. No request waits for it.</summary>
internal sealed partial class RefusedCallWriter(
    RefusedCallQueue queue, IGrainFactory grains, RefusalMetrics metrics, TimeProvider time, ILogger<RefusedCallWriter> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    /// <summary>How long a batch that cannot be stored is tried again.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _logEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long an orderly stop waits for the last batches.</summary>
    private static readonly TimeSpan _lastWrite = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Batch> _failed = new(StringComparer.Ordinal);
    private long _lost;
    private string? _reason;
    private DateTimeOffset _loggedAt = DateTimeOffset.MinValue;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await WriteAsync().WaitAsync(_lastWrite, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogNotStored(queue.TakeLost() + _lost, "the process stopped before they were stored");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (_failed.Count == 0)
                {
                    await queue.WaitAsync(stoppingToken);
                }

                await Task.Delay(_every, time, stoppingToken);
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task WriteAsync()
    {
        // A workspace whose last batch has failed keeps what came since in its queue.
        var batches = _failed.Values.ToList();
        batches.AddRange(queue.TakeAll(_failed.ContainsKey).Select(taken => new Batch(taken.Workspace, taken.Calls, time.GetUtcNow())));
        _failed.Clear();
        foreach (var (batch, reason) in batches.Zip(await Task.WhenAll(batches.Select(StoreAsync))))
        {
            _reason = reason;
            if (reason is null)
            {
                continue;
            }

            if (time.GetUtcNow() - batch.Since < _patience)
            {
                _failed.Add(batch.Workspace, batch);
            }
            else
            {
                queue.Lose(batch.Calls.Count);
            }
        }

        Report();
    }

    private async Task<string?> StoreAsync(Batch batch)
    {
        try
        {
            return await grains.GetGrain<IRefusedCallGrain>(batch.Workspace).Keep(batch.Calls);
        }
        catch (Exception exception)
        {
            // Also during an upgrade, while no silo has this grain yet.
            return exception.Message;
        }
    }

    private void Report()
    {
        var lost = queue.TakeLost();
        metrics.NotKept(lost);
        _lost += lost;
        if (_lost > 0 && time.GetUtcNow() - _loggedAt >= _logEvery)
        {
            LogNotStored(_lost, _reason ?? $"more than {RefusedCallQueue.MaxCalls} calls or {RefusedCallQueue.MaxBytes} bytes of a workspace waited");
            (_lost, _reason, _loggedAt) = (0, null, time.GetUtcNow());
        }
    }

    private sealed record Batch(string Workspace, IReadOnlyList<RefusedCall> Calls, DateTimeOffset Since);
}
