using CioOrleans.BackPressure;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using Orleans.Concurrency;

namespace CioOrleans.Workspaces;

/// <summary>
/// One workspace (key: its name in the settings). It grants all permits: it owns the token buckets and the retry schedule. It knows customers and their heads,
/// but holds no payloads.
/// </summary>
[Alias("cio.IWorkspaceGrain")]
public interface IWorkspaceGrain : IGrainWithStringKey
{
    /// <summary>A hint that a customer's queue is no longer empty. It may be lost: a sweep finds the customer again.</summary>
    [Alias("HasWork"), OneWay, AlwaysInterleave]
    ValueTask HasWork(string customer, HeadState head);

    /// <summary>Starts the workspace's owner if it is not running; harmless otherwise.</summary>
    [Alias("EnsureStarted"), ResponseTimeout("00:00:05")]
    ValueTask EnsureStarted();

    /// <summary>Waits up to <paramref name="patience"/> for a permit to forward one request.</summary>
    [Alias("AcquirePermit"), ResponseTimeout("00:01:00")]
    ValueTask<PassThroughPermit> AcquirePermit(LimitClass limitClass, TimeSpan patience);

    /// <summary>
    /// Reports the end of a request that was forwarded under <paramref name="ticket"/>. A request that was sent and not answered is reported once its
    /// connection is reset. A ticket that is never reported ends with its time-out.
    /// </summary>
    /// <param name="ticket">From <see cref="PassThroughPermit.Granted"/>.</param>
    /// <param name="sent">False if nothing was written to the network.</param>
    /// <param name="status">The status received; null if there was none.</param>
    /// <param name="signal">What the response said about the limit.</param>
    [Alias("ReturnPermit"), OneWay]
    ValueTask ReturnPermit(long ticket, bool sent, int? status, RateLimitSignal signal);

    [Alias("GetStatus")]
    ValueTask<WorkspaceStatus> GetStatus();

    /// <summary>The workspace now, and what it did in each of the last seconds. Counts waiting calls where the last count is older than a second and was cheap.</summary>
    /// <param name="since">The first second, since 1970; 0 for all that the owner remembers.</param>
    [Alias("GetActivity"), ResponseTimeout("00:00:10")]
    ValueTask<WorkspaceActivity> GetActivity(long since);

    /// <summary>How full the workspace is, by the last measurement.</summary>
    [Alias("GetPressure"), ResponseTimeout("00:00:02")]
    ValueTask<WorkspacePressure> GetPressure();

    /// <summary>What the workspace knows about a customer, and why its head waits.</summary>
    /// <param name="customer">The ordering key.</param>
    /// <param name="limitClass">The limit class of the customer's head.</param>
    [Alias("GetStanding")]
    ValueTask<CustomerStanding> GetStanding(string customer, LimitClass limitClass);

    /// <summary>
    /// The customer in whose queue a call waits; null if there is none. Reads all waiting calls until the call is found, for a few seconds at most.
    /// </summary>
    /// <exception cref="TimeoutException">The call was not found in that time.</exception>
    [Alias("FindCustomer"), ResponseTimeout("00:00:15")]
    ValueTask<string?> FindCustomer(Ulid callId);

    /// <summary>A page of the customers whose waiting calls a filter selects.</summary>
    /// <param name="filter">Selects the calls.</param>
    /// <param name="after">From <see cref="MatchPage.Next"/>; null for the first page.</param>
    [Alias("FindCalls"), ResponseTimeout("00:00:30")]
    ValueTask<MatchPage> FindCalls(CallFilter filter, long? after);

    /// <summary>A hint that a customer's queue has another head although no attempt has ended, because calls were discarded. It may be lost.</summary>
    [Alias("HeadChanged"), OneWay, AlwaysInterleave]
    ValueTask HeadChanged(string customer, HeadState head);

    /// <summary>
    /// Stops sending until <see cref="Resume"/>, also after a restart. Calls are still accepted. If the pause cannot be stored, sending stops all the same.
    /// </summary>
    [Alias("Pause")]
    ValueTask<ChangeResult> Pause(string reason);

    /// <summary>Ends every pause, the operator's and the dispatcher's own. If that cannot be stored, nothing changes.</summary>
    [Alias("Resume")]
    ValueTask<ChangeResult> Resume();

    /// <summary>Ends the pause of a limit group after a 429. Its lower rate stays until it has climbed back. A pause of an operator stays too.</summary>
    /// <param name="limitClass">A class of the group.</param>
    [Alias("EndThrottle")]
    ValueTask EndThrottle(LimitClass limitClass);

    /// <summary>
    /// Stops granting permits, waits for requests in flight and gives the lease back, so that the owner can move or stop without a repeated request. The next
    /// call to the grain starts a new owner.
    /// </summary>
    [Alias("Drain"), ResponseTimeout("00:01:00")]
    ValueTask Drain();
}
