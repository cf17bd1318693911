namespace CioOrleans.Grains.Outbox;

/// <summary>The end of a send: Customer.io accepted it or refused it for good, or an operator discarded it.</summary>
/// <param name="Status">Customer.io's status; 0, which no answer has, for a discarded send.</param>
/// <param name="Body">The body of Customer.io's answer.</param>
/// <param name="StoredAt">When the end was stored (UTC).</param>
/// <param name="ContentType">The content type of the answer; null if it had none.</param>
public sealed record SendResult(int Status, string Body, DateTimeOffset StoredAt, string? ContentType = null)
{
    /// <summary>Whether an operator discarded the send, so that it was never sent.</summary>
    public bool IsDiscarded => Status == 0;

    public static SendResult Discarded(DateTimeOffset at) => new(0, "", at);
}

/// <summary>The contents of the dead letter of a send that Customer.io refused for good.</summary>
/// <param name="Attempts">Counted attempts of the send.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record SendRefusal(int Attempts, string Reason)
{
    /// <summary>Whether the dead letter holds the queue.</summary>
    public bool Holds { get; init; }
}
