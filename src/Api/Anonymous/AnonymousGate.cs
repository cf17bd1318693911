using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Anonymous;

/// <summary>
/// Decides whether a request without credentials is accepted: its path must be open to callers without credentials, and its address must keep to the
/// rate.
/// </summary>
internal sealed class AnonymousGate : IDisposable
{
    /// <summary>The largest body of a request without credentials, in bytes. A metric has a few hundred.</summary>
    public const int MaxBodyBytes = 8 * 1024;

    private static readonly Refusal _closed = new(
        StatusCodes.Status401Unauthorized,
        "Unauthorized request: send the workspace's site id and API key, or open this path to callers without credentials with Dispatcher:Api:AnonymousPaths.");

    private static readonly Refusal _tooMany = new(
        StatusCodes.Status429TooManyRequests, "This address sends more requests without credentials than Dispatcher:Api:AnonymousRate allows. Send the workspace's credentials, or slow down.");

    private readonly AnonymousPaths _open;
    private readonly PartitionedRateLimiter<IPAddress> _byAddress;

    public AnonymousGate(ApiSettings settings)
    {
        var rate = settings.Anonymous.Rate;
        var options = new TokenBucketRateLimiterOptions { TokenLimit = rate.Permits, TokensPerPeriod = rate.Permits, ReplenishmentPeriod = rate.Window };
        _open = settings.Anonymous.Paths;
        _byAddress = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetTokenBucketLimiter(SubscriberOf(address), _ => options));
        MaxQueuedPerQueue = settings.Anonymous.MaxQueued / CustomerKey.OpenQueues;
    }

    public static Refusal TooLarge { get; } = BodyRefusals.TooLarge(MaxBodyBytes);

    /// <summary>How many calls may wait in one shared queue of callers without credentials: its share of <c>AnonymousMaxQueued</c>.</summary>
    public int MaxQueuedPerQueue { get; }

    /// <summary>Why a request without credentials is refused; null if it is accepted.</summary>
    public Refusal? Refuse(HttpContext context, AnonymousPaths path)
    {
        if ((_open & path) == 0)
        {
            return _closed;
        }

        using var lease = _byAddress.AttemptAcquire(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (lease.IsAcquired)
        {
            return null;
        }

        Answer.SetRetryAfter(context.Response, TimeSpan.FromSeconds(1));
        return _tooMany;
    }

    /// <summary>The address that the rate counts. Of IPv6 it is the upper 64 bits, because a subscriber can choose the lower 64 bits.</summary>
    public static IPAddress SubscriberOf(IPAddress address)
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

    public void Dispose() => _byAddress.Dispose();
}
