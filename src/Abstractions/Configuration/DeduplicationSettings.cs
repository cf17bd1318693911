namespace CioOrleans.Configuration;

/// <summary>Which calls count as duplicates: they repeat an earlier call, are acknowledged and are not queued again.</summary>
public sealed record DeduplicationSettings
{
    /// <summary>Whether calls are duplicates whose <c>Idempotency-Key</c> or own event <c>id</c> is still known for their customer (default: true).</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Whether calls with an <c>X-Retry-Count</c> over 0 are also duplicates if method, path, body and customer equal those of a call accepted within
    /// <see cref="SdkRetryWindow"/> (default: false). Needs <see cref="Enabled"/>. Two equal events without ids then count once if the second is a retry.
    /// </summary>
    public bool SdkRetries { get; init; }

    /// <summary>How long after its accept a call is recognised by its content; 1 s to 10 min (default: 2 min, longer than the Node SDK retries).</summary>
    public TimeSpan SdkRetryWindow { get; init; } = TimeSpan.FromMinutes(2);
}
