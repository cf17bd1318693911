using System.Diagnostics.Metrics;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.History;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Makes room for coming rows of the history and deletes old ones, a slice at a time. On every silo: where several do it, the later ones find nothing to do.
/// Rests between slices, so that no accept waits for long.
/// </summary>
internal sealed partial class HistoryKeeper : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _betweenSlices = TimeSpan.FromMilliseconds(100);

    /// <summary>A crash loses the rows that wait in memory, so they are stored soon after the store takes them again.</summary>
    private static readonly TimeSpan _betweenFlushes = TimeSpan.FromSeconds(1);

    private readonly IHistoryStore _store;
    private readonly HistoryRecorder _recorder;
    private readonly HistorySettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryKeeper> _logger;
    private long _dropped;

    public HistoryKeeper(IHistoryStore store, HistoryRecorder recorder, HistorySettings settings, IMeterFactory meters, TimeProvider time, ILogger<HistoryKeeper> logger)
    {
        _store = store;
        _recorder = recorder;
        _settings = settings;
        _time = time;
        _logger = logger;
        var meter = meters.Create(DispatcherMetrics.MeterName);
        meter.CreateObservableGauge("cio.history.size", () => store.HistoryBytes, "By", "Size of the history, as last measured.");
        meter.CreateObservableGauge("cio.history.max_size", () => settings.MaxSize, "By", "The configured maximum size of the history.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(FlushAsync(stoppingToken), TrimAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task FlushAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(_betweenFlushes, _time, stoppingToken);
            try
            {
                await _recorder.FlushAsync();
            }
            catch (Exception exception)
            {
                LogNotFlushed(_logger, exception.Message);
            }
        }
    }

    private async Task TrimAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(await TrimAsync() ? _betweenSlices : _every, _time, stoppingToken);
        }
    }

    private async Task<bool> TrimAsync()
    {
        if (_store.DroppedRows is var dropped && dropped > _dropped)
        {
            LogDropped(_logger, dropped - _dropped);
            _dropped = dropped;
        }

        try
        {
            return await _store.TrimHistoryAsync(_time.GetUtcNow(), _settings.Keep, _settings.MaxSize);
        }
        catch (Exception exception)
        {
            LogNotTrimmed(_logger, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Rows} rows of the history could not be kept; calls are delivered as before.")]
    private static partial void LogDropped(ILogger logger, long rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows of the history that wait in memory were not stored ({Reason}); it is tried again.")]
    private static partial void LogNotFlushed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old rows of the history were not deleted ({Reason}); it is tried again in half a minute.")]
    private static partial void LogNotTrimmed(ILogger logger, string reason);
}
