using CioOrleans.BackPressure;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using Orleans.Concurrency;

namespace CioOrleans.Workspaces;

/// <summary>
/// One workspace (key: its name in the settings). It alone decides when somebody sends: it owns the token buckets and the
/// retry schedule. It holds customers, never payloads.
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

    /// <summary>Waits up to <paramref name="patience"/> for leave to forward one request at once.</summary>
    [Alias("AcquirePermit"), ResponseTimeout("00:01:00")]
    ValueTask<PassThroughPermit> AcquirePermit(LimitClass limitClass, TimeSpan patience);

    /// <summary>
    /// Reports the end of a request forwarded under <paramref name="ticket"/>; that of one that was sent and not answered, once its connection
    /// is reset. A ticket that is never reported ends with its time-out.
    /// </summary>
    /// <param name="ticket">From <see cref="PassThroughPermit.Granted"/>.</param>
    /// <param name="sent">False when nothing was written to the network.</param>
    /// <param name="status">The status received; null when there was none.</param>
    /// <param name="signal">What the response said about the limit.</param>
    [Alias("ReturnPermit"), OneWay]
    ValueTask ReturnPermit(long ticket, bool sent, int? status, RateLimitSignal signal);

    [Alias("GetStatus")]
    ValueTask<WorkspaceStatus> GetStatus();

    /// <summary>How full the workspace is. Answers from what was measured last.</summary>
    [Alias("GetPressure"), ResponseTimeout("00:00:02")]
    ValueTask<WorkspacePressure> GetPressure();

    /// <summary>What is known of a customer, and of what holds it.</summary>
    /// <param name="customer">The ordering key.</param>
    /// <param name="limitClass">Of its head.</param>
    [Alias("GetStanding")]
    ValueTask<CustomerStanding> GetStanding(string customer, LimitClass limitClass);

    /// <summary>The customer in whose queue a call waits; null where none does. Reads all waiting calls until it is found, a few seconds long at most.</summary>
    /// <exception cref="TimeoutException">It could not be told in that time.</exception>
    [Alias("FindCustomer"), ResponseTimeout("00:00:15")]
    ValueTask<string?> FindCustomer(Ulid callId);

    /// <summary>A page of the customers with waiting calls that a filter means.</summary>
    /// <param name="filter">Which calls.</param>
    /// <param name="after">From <see cref="MatchPage.Next"/>; null for the first page.</param>
    [Alias("FindCalls"), ResponseTimeout("00:00:30")]
    ValueTask<MatchPage> FindCalls(CallFilter filter, long? after);

    /// <summary>A hint that the head of a customer's queue is another one, although no attempt has ended: calls were discarded. It may be lost.</summary>
    [Alias("HeadChanged"), OneWay, AlwaysInterleave]
    ValueTask HeadChanged(string customer, HeadState head);

    /// <summary>A dead letter; null where there is none of that id.</summary>
    [Alias("FindDeadLetter")]
    ValueTask<DeadLetter?> FindDeadLetter(Ulid id);

    /// <summary>Stops sending until <see cref="Resume"/>; survives restarts. Calls are still accepted. Where it cannot be stored, sending stops all the same.</summary>
    [Alias("Pause")]
    ValueTask<ChangeResult> Pause(string reason);

    /// <summary>Ends every pause, the operator's and the dispatcher's own. Where that cannot be stored, nothing changes.</summary>
    [Alias("Resume")]
    ValueTask<ChangeResult> Resume();

    /// <summary>A page of dead letters.</summary>
    /// <param name="after">From <see cref="DeadLetterPage.Next"/>; null for the first page.</param>
    /// <param name="limit">At most so many; 1 to 1,000.</param>
    [Alias("GetDeadLetters")]
    ValueTask<DeadLetterPage> GetDeadLetters(Ulid? after, int limit);

    /// <summary>Puts a dead letter at the end of its customer's queue; not after the deadline.</summary>
    [Alias("ReplayDeadLetter"), ResponseTimeout("00:00:10")]
    ValueTask<ReplayResult> ReplayDeadLetter(Ulid id, AcceptDeadline deadline);

    /// <summary>Deletes a dead letter for good. False where there is none of that id.</summary>
    [Alias("DiscardDeadLetter")]
    ValueTask<bool> DiscardDeadLetter(Ulid id);

    /// <summary>Stops granting permits, waits for what is in flight and gives the lease back, so that the owner can move or stop without a repeat. The next call starts a new one.</summary>
    [Alias("Drain"), ResponseTimeout("00:01:00")]
    ValueTask Drain();
}
