using CioOrleans.Limits;

namespace CioOrleans.Configuration;

/// <summary>How transactional messages and broadcasts are sent.</summary>
public sealed record SendSettings
{
    /// <summary>Whether a send is forwarded at once or stored first, if the request does not choose (default: Forward).</summary>
    public SendMode Mode { get; init; } = SendMode.Forward;

    /// <summary>
    /// The maximum time that a forwarded send or broadcast waits for its permit and for earlier calls; 1 s to 50 s (default: 8 s, because SDKs time out after
    /// ten).
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The answer to a caller whose message has an unknown outcome (default: DoNotRepeat).</summary>
    public UnknownOutcomeAnswer UnknownOutcome { get; init; } = UnknownOutcomeAnswer.DoNotRepeat;

    /// <summary>The limit class of SMS (default: transactional-push).</summary>
    public LimitClass Sms { get; init; } = LimitClass.TransactionalPush;

    /// <summary>The limit class of in-app messages (default: transactional-push).</summary>
    public LimitClass InApp { get; init; } = LimitClass.TransactionalPush;

    /// <summary>The limit class of inbox messages (default: transactional-push).</summary>
    public LimitClass InboxMessage { get; init; } = LimitClass.TransactionalPush;

    /// <summary>The host that transactional messages are sent to (default: App). They count as requests to the App API's host in either case.</summary>
    public SendHost Host { get; init; } = SendHost.App;

    /// <summary>How long the answer to a stored send is kept; 1 min to 720 h (default: 24 h).</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromHours(24);
}
