using CioOrleans.Addressing;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Imports;

/// <inheritdoc cref="IImportGrain"/>
/// <remarks>
/// Every change of its state is synchronous, so its calls may interleave. The counts are stored about once a second. Counts that a crash
/// loses are restored by counting the waiting calls once the import does not change any more.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class ImportGrain : Grain, IImportGrain
{
    private static readonly TimeSpan _storeEvery = TimeSpan.FromSeconds(1);

    private readonly IOutbox _outbox;
    private readonly IWorkspaceStateStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<ImportGrain> _logger;
    private readonly ImportAddress _address;
    private readonly ImportForecast _forecast = new();
    private readonly TimeSpan _keep;
    private readonly long _origin;
    private ImportRecord? _record;
    private bool _isDirty;
    private bool _isRecounting;
    private long _recountedAtSettled = -1;

    public ImportGrain(GrainKeys keys, IOutbox outbox, IWorkspaceStateStore store, WorkspaceCatalog workspaces, TimeProvider time, ILogger<ImportGrain> logger)
    {
        _outbox = outbox;
        _store = store;
        _time = time;
        _logger = logger;
        _address = keys.ReadImport(this.GetPrimaryKeyString());
        _keep = workspaces.Get(_address.Workspace).KeepImports;
        _origin = time.GetTimestamp();
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await _store.ReadImportAsync(_address.Workspace, _address.Import, cancellationToken) is { } json)
        {
            _record = ImportRecord.FromJson(json);
        }

        this.RegisterGrainTimer(StoreAsync, new GrainTimerCreationOptions(_storeEvery, _storeEvery) { Interleave = true });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StoreAsync(cancellationToken);

    public ValueTask<ImportStatus> Report(string source, ImportCounts counts, long? rows)
    {
        var record = _record ?? new ImportRecord(_time.GetUtcNow(), null, []);
        _isDirty |= _record is null || record.Sources.GetValueOrDefault(source) != counts || (rows is not null && rows != record.Rows);
        record.Sources[source] = counts;
        _record = record with { Rows = rows ?? record.Rows };
        _forecast.Add(Now, _record.Total.Settled());
        return ValueTask.FromResult(StatusOf(_record));
    }

    public async ValueTask<ImportStatus?> GetStatus()
    {
        if (_record is null)
        {
            return null;
        }

        await RecountIfStillAsync();
        return StatusOf(_record);
    }

    private ImportStatus StatusOf(ImportRecord record)
    {
        var (now, total) = (Now, record.Total);
        var endsIn = _forecast.EndsIn(now, record.Remaining);
        return new ImportStatus(record.StartedAt, record.Rows, total, record.Waiting, _forecast.Rate(now) ?? 0, _time.GetUtcNow() + endsIn, _forecast.QuietFor(now));
    }

    /// <summary>While calls are accepted and end, the outbox and the counts belong to different moments. While nothing changes they must agree.</summary>
    private async ValueTask RecountIfStillAsync()
    {
        var settled = _record!.Total.Settled();
        if (_isRecounting || _record.Waiting == 0 || settled == _recountedAtSettled || _forecast.QuietFor(Now) < ImportStatus.Quiet)
        {
            return;
        }

        _isRecounting = true;
        try
        {
            var calls = _record.Total.Calls;
            var waiting = await _outbox.CountImportAsync(_address.Workspace, _address.Import);
            if (_record.Total is var total && total.Settled() == settled && total.Calls == calls)
            {
                _record = _record.WithWaiting(waiting);
                _isDirty = true;
                _recountedAtSettled = _record.Total.Settled();
            }
        }
        catch (Exception exception)
        {
            LogNotCounted(_logger, _address.Workspace, _address.Import, exception);
        }
        finally
        {
            _isRecounting = false;
        }
    }

    private async Task StoreAsync(CancellationToken cancellation)
    {
        if (!_isDirty || _record is null)
        {
            return;
        }

        _isDirty = false;
        if (await _store.WriteImportAsync(_address.Workspace, _address.Import, _record.ToJson(), _time.GetUtcNow() - _keep) is WriteResult.Unavailable unavailable)
        {
            _isDirty = true;
            LogNotStored(_logger, _address.Workspace, _address.Import, unavailable.Reason);
        }
    }
}
