using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Api.Guarding;

/// <summary>Limits the requests of one address, for callers without secret credentials.</summary>
internal sealed class RateByAddress : IDisposable
{
    private readonly PartitionedRateLimiter<Caller> _limiter = PartitionedRateLimiter.Create<Caller, Caller>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, Options));

    /// <summary>Whether the address has kept to the rate. Counts the request if so.</summary>
    /// <param name="workspace">Each workspace counts for itself. Empty for requests that name none.</param>
    /// <param name="rate">The maximum rate.</param>
    /// <param name="address">The caller's address. All callers whose address is not known count as one.</param>
    public bool Admits(string workspace, RateLimit rate, IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(new Caller(workspace, SubscriberOf(address ?? IPAddress.None), rate));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static TokenBucketRateLimiterOptions Options(Caller caller) =>
        new() { TokenLimit = caller.Rate.Permits, TokensPerPeriod = caller.Rate.Permits, ReplenishmentPeriod = caller.Rate.Window };

    /// <summary>The address that the rate counts. Of IPv6 it is the upper 64 bits, because a subscriber can choose the lower 64 bits.</summary>
    private static IPAddress SubscriberOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Caller(string Workspace, IPAddress Address, RateLimit Rate);
}
