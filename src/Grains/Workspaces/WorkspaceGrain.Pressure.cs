using CioOrleans.BackPressure;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    /// <inheritdoc/>
    public ValueTask<WorkspacePressure> GetPressure()
    {
        var sinceMeasured = _time.GetElapsedTime(_pressureAt);
        var rate = _rate.At(_time.GetElapsedTime(_origin));
        return ValueTask.FromResult(_pressure with { OldestFor = _pressure.OldestFor + sinceMeasured, DeliveredPerSecond = rate });
    }

    /// <summary>Only where it can turn somebody away.</summary>
    private async ValueTask MeasurePressureAsync(long queued, CancellationToken cancellation)
    {
        if (_settings.BackPressure.IsOn)
        {
            var oldest = await _outbox.ReadOldestAsync(_name, cancellation);
            _pressure = new WorkspacePressure(queued, _time.GetUtcNow() - oldest, _outbox.FreeBytes, 0);
            _pressureAt = _time.GetTimestamp();
        }
    }
}
