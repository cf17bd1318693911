namespace CioOrleans.Configuration;

/// <summary>Which calls are taken for repeats of an earlier one, acknowledged and not queued again.</summary>
public sealed record DeduplicationSettings
{
    /// <summary>Those whose <c>Idempotency-Key</c>, or whose own event <c>id</c>, is still known for their customer (default: true).</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Also those with an <c>X-Retry-Count</c> over 0 whose method, path, body and customer equal a call that was accepted within
    /// <see cref="SdkRetryWindow"/> (default: false). Needs <see cref="Enabled"/>. Two equal events without ids of their own then count once where the second is a retry.
    /// </summary>
    public bool SdkRetries { get; init; }

    /// <summary>How long after its accept a call is recognised by its content; 1 s to 10 min (default: 2 min, more than the Node SDK goes on).</summary>
    public TimeSpan SdkRetryWindow { get; init; } = TimeSpan.FromMinutes(2);
}
