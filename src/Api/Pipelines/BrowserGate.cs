using System.Net;
using System.Threading.RateLimiting;
using CioOrleans.Api.Anonymous;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Pipelines;

/// <summary>Limits the requests of browsers, by workspace and address.</summary>
internal sealed class BrowserGate : IDisposable
{
    private readonly PartitionedRateLimiter<Caller> _byAddress = PartitionedRateLimiter.Create<Caller, Caller>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, Options));

    /// <summary>Whether the address has kept to the workspace's rate; counts the request if so.</summary>
    public bool Admits(WorkspaceSettings workspace, BrowserSettings browser, IPAddress? address)
    {
        using var lease = _byAddress.AttemptAcquire(new Caller(workspace.Name, AnonymousGate.SubscriberOf(address ?? IPAddress.None), browser.Rate));
        return lease.IsAcquired;
    }

    public void Dispose() => _byAddress.Dispose();

    private static TokenBucketRateLimiterOptions Options(Caller caller) =>
        new() { TokenLimit = caller.Rate.Permits, TokensPerPeriod = caller.Rate.Permits, ReplenishmentPeriod = caller.Rate.Window };

    private readonly record struct Caller(string Workspace, IPAddress Address, RateLimit Rate);
}
