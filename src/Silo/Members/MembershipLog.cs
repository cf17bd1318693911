using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Silo.Members;

/// <summary>Logs each silo that joins, leaves or is lost.</summary>
internal sealed partial class MembershipLog(IClusterMembershipService membership, ILocalSiloDetails self, SiloDepartures departures, ILogger<MembershipLog> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = new Dictionary<SiloAddress, SiloStatus>();
        var isFirst = true;
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                departures.CountLost(snapshot.Members.Select(member => KeyValuePair.Create(member.Key, member.Value.Status)), snapshot.Version);
                foreach (var member in snapshot.Members.Values)
                {
                    var before = known.GetValueOrDefault(member.SiloAddress, SiloStatus.None);
                    known[member.SiloAddress] = member.Status;
                    if (before != member.Status && !member.SiloAddress.Equals(self.SiloAddress))
                    {
                        Write(member, before, isFirst, snapshot.Members.Values.Count(other => other.Status == SiloStatus.Active));
                    }
                }

                isFirst = false;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private void Write(ClusterMember member, SiloStatus before, bool isFirst, int active)
    {
        var silo = member.SiloAddress.ToParsableString();
        switch (member.Status)
        {
            case SiloStatus.Active when isFirst:
                LogThere(logger, silo);
                break;
            case SiloStatus.Active:
                LogJoined(logger, silo, active);
                break;
            case SiloStatus.ShuttingDown:
                LogLeaving(logger, silo);
                break;
            case SiloStatus.Dead when before == SiloStatus.Active:
                LogLost(logger, silo, active);
                break;
            case SiloStatus.Dead when before is SiloStatus.ShuttingDown or SiloStatus.Stopping:
                LogLeft(logger, silo, active);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} is a member of the cluster.")]
    private static partial void LogThere(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} has joined; {Active} are active.")]
    private static partial void LogJoined(ILogger logger, string silo, int active);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} is leaving.")]
    private static partial void LogLeaving(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} has left; {Active} are active.")]
    private static partial void LogLeft(ILogger logger, string silo, int active);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} is lost; {Active} are active.")]
    private static partial void LogLost(ILogger logger, string silo, int active);
}
