using CioOrleans.Grains.Leasing;
using CioOrleans.Postgres.Leasing;

namespace CioOrleans.Silo.Members;

/// <summary>
/// Watches the other silos through their leases. A silo is declared dead if its owner does not renew and the silo does not answer, or answers that it has no
/// database. Then its workspaces move within seconds. A false alarm costs a restart, but neither limit nor order, which lease and fence protect.
/// </summary>
internal sealed partial class PeerWatcher(
    ILeaseRegister leases, SiloPeers peers, DatabaseContact database, IServiceProvider services, TimeProvider time, ILogger<PeerWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    private readonly OwnerWatch _watch = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly HashSet<SiloAddress> _declared = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, time);
        var postgres = services.GetService<PostgresLeaseStore>();
        try
        {
            do
            {
                try
                {
                    await LookAsync(postgres, stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    _watch.OnReadFailed();
                    LogNotRead(logger, exception.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task LookAsync(PostgresLeaseStore? postgres, CancellationToken cancellation)
    {
        var records = await leases.ReadLeasesAsync(cancellation);
        database.OnReached(postgres?.ClockAhead);
        var suspects = _watch.OnRead(records, time.GetElapsedTime(_origin));
        await Task.WhenAll(peers.Others.Where(silo => !_declared.Contains(silo)).Select(silo => JudgeAsync(silo, suspects)));
    }

    private async Task JudgeAsync(SiloAddress silo, IReadOnlyList<LeaseRecord> suspects)
    {
        var lease = suspects.FirstOrDefault(lease => lease.Silo == silo.ToParsableString());
        var report = await peers.AskAsync(silo);
        if (lease is not null && OwnerWatch.IsLost(report?.DatabaseSilentFor))
        {
            LogOwnerLost(logger, silo.ToParsableString(), lease.Workspace, lease.RenewedFor.TotalSeconds, report is null ? "does not answer" : "has no database");
            await DeclareDeadAsync(silo);
        }
        else if (report is not null && _watch.IsCutOff(silo.ToParsableString(), report.DatabaseSilentFor))
        {
            LogCutOff(logger, silo.ToParsableString(), report.DatabaseSilentFor.TotalSeconds);
            await DeclareDeadAsync(silo);
        }
    }

    private async Task DeclareDeadAsync(SiloAddress silo)
    {
        _declared.Add(silo);
        await peers.DeclareDeadAsync(silo);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} is declared dead: it owns workspace {Workspace}, has not renewed the lease for {Seconds:0.0} s, and {Why}.")]
    private static partial void LogOwnerLost(ILogger logger, string silo, string workspace, double seconds, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} is declared dead: it has not reached the database for {Seconds:0.0} s, and this silo has.")]
    private static partial void LogCutOff(ILogger logger, string silo, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The leases could not be read: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
