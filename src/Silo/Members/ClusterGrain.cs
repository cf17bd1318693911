using CioOrleans.Cluster;
using CioOrleans.Grains.Leasing;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Configuration;

namespace CioOrleans.Silo.Members;

/// <inheritdoc cref="IClusterGrain"/>
[StatelessWorker(1), Reentrant]
internal sealed class ClusterGrain(SiloPeers peers, ILeaseRegister leases, IOptions<ClusterOptions> options) : Grain, IClusterGrain
{
    public async ValueTask<ClusterStatus> GetStatus()
    {
        var snapshot = peers.Membership;
        var members = await Task.WhenAll(snapshot.Members.Values.OrderBy(member => member.SiloAddress).Select(DescribeAsync));
        return new ClusterStatus(options.Value.ClusterId, snapshot.Version.Value, members, await ReadOwnersAsync());
    }

    public async ValueTask<bool> Drain(string silo)
    {
        if (peers.Membership.Members.Values.FirstOrDefault(member => member.Status == SiloStatus.Active && member.SiloAddress.ToParsableString() == silo) is not { } member)
        {
            return false;
        }

        await peers.DrainAsync(member.SiloAddress);
        return true;
    }

    private async Task<Cluster.ClusterMember> DescribeAsync(Orleans.Runtime.ClusterMember member) => new(
        member.SiloAddress.ToParsableString(),
        member.Name,
        member.Status.ToString().ToLowerInvariant(),
        member.Status == SiloStatus.Dead ? null : await peers.AskAsync(member.SiloAddress));

    private async Task<IReadOnlyList<WorkspaceOwner>?> ReadOwnersAsync()
    {
        try
        {
            return [.. (await leases.ReadLeasesAsync()).Select(lease => new WorkspaceOwner(lease.Workspace, lease.Silo, lease.Epoch, lease.HeldFor, lease.RenewedFor))];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
