using System.Net;
using System.Threading.RateLimiting;

namespace CioOrleans.Console.Access;

/// <summary>Limits how often one address may try a key, so that nobody finds one by trying.</summary>
internal sealed class SignInLimit : IDisposable
{
    private static readonly TokenBucketRateLimiterOptions _options = new() { TokenLimit = 10, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromMinutes(1) };

    private readonly PartitionedRateLimiter<IPAddress> _limiter =
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ => _options));

    /// <summary>Whether the address may try a key now. Counts the try.</summary>
    public bool Admits(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
