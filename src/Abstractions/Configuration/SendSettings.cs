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

/// <summary>What happens to a send whose request does not choose.</summary>
public enum SendMode
{
    /// <summary>It is forwarded at once, and the caller gets Customer.io's own answer.</summary>
    Forward,

    /// <summary>It is stored and sent as soon as the limits allow; the caller gets the address of the result.</summary>
    Durable,
}

/// <summary>The host that transactional messages are sent to.</summary>
public enum SendHost
{
    /// <summary>The App API's host.</summary>
    App,

    /// <summary>The Track API's host, as Customer.io's command line does. Needs a service account's token.</summary>
    Track,
}

/// <summary>The answer to a caller whose message may or may not have been sent.</summary>
public enum UnknownOutcomeAnswer
{
    /// <summary>424, which no SDK repeats by itself. After a 5xx the Node and the Python SDK would send the message again.</summary>
    DoNotRepeat,

    /// <summary>Customer.io's own 5xx; 504 for a time-out, 502 for a broken connection.</summary>
    AsReceived,
}
