using CioOrleans.Limits;

namespace CioOrleans.Configuration;

/// <summary>How transactional messages and broadcasts leave.</summary>
public sealed record SendSettings
{
    /// <summary>Whether a send is forwarded at once or stored first, where the request does not say (default: Forward).</summary>
    public SendMode Mode { get; init; } = SendMode.Forward;

    /// <summary>
    /// A forwarded send or broadcast waits at most so long for its permit and for what it must come after; 1 s to 50 s (default: 8 s,
    /// because SDKs give up after ten).
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>What the caller is answered when nobody knows whether the message went out (default: DoNotRepeat).</summary>
    public UnknownOutcomeAnswer UnknownOutcome { get; init; } = UnknownOutcomeAnswer.DoNotRepeat;

    /// <summary>The limit class of SMS (default: transactional-push).</summary>
    public LimitClass Sms { get; init; } = LimitClass.TransactionalPush;

    /// <summary>The limit class of in-app messages (default: transactional-push).</summary>
    public LimitClass InApp { get; init; } = LimitClass.TransactionalPush;

    /// <summary>The limit class of inbox messages (default: transactional-push).</summary>
    public LimitClass InboxMessage { get; init; } = LimitClass.TransactionalPush;

    /// <summary>How long the answer to a stored send can be asked for; 1 min to 720 h (default: 24 h).</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromHours(24);
}
