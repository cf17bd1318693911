using CioOrleans.Api.Answers;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Guarding;
using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Anonymous;

/// <summary>
/// Decides whether a request without credentials is accepted: its path must be open to callers without credentials, and its address must keep to the
/// rate.
/// </summary>
internal sealed class AnonymousGate(ApiSettings settings, RateByAddress rates)
{
    /// <summary>The largest body of a request without credentials, in bytes. A metric has a few hundred.</summary>
    public const int MaxBodyBytes = 8 * 1024;

    private static readonly Refusal _closed = new(
        StatusCodes.Status401Unauthorized,
        "Unauthorized request: send the workspace's site id and API key, or open this path to callers without credentials with Dispatcher:Api:AnonymousPaths.");

    private static readonly Refusal _tooMany = new(
        StatusCodes.Status429TooManyRequests, "This address sends more requests without credentials than Dispatcher:Api:AnonymousRate allows. Send the workspace's credentials, or slow down.");

    private readonly AnonymousSettings _settings = settings.Anonymous;

    public static Refusal TooLarge { get; } = BodyRefusals.TooLarge(MaxBodyBytes);

    /// <summary>How many calls may wait in one shared queue of callers without credentials: its share of <c>AnonymousMaxQueued</c>.</summary>
    public int MaxQueuedPerQueue => _settings.MaxQueued / CustomerKey.OpenQueues;

    /// <summary>Why a request without credentials is refused; null if it is accepted.</summary>
    public Refusal? Refuse(HttpContext context, AnonymousPaths path)
    {
        if ((_settings.Paths & path) == 0)
        {
            return _closed;
        }

        if (rates.Admits(workspace: string.Empty, _settings.Rate, context.Connection.RemoteIpAddress))
        {
            return null;
        }

        Answer.SetRetryAfter(context.Response, TimeSpan.FromSeconds(1));
        return _tooMany;
    }
}
