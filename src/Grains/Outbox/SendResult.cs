namespace CioOrleans.Outbox;

/// <summary>How a send ended: Customer.io took it, or refused it for good, or an operator discarded it while it waited.</summary>
/// <param name="Status">Customer.io's status; 0, which no answer has, for a send that was discarded.</param>
/// <param name="Body">Its body.</param>
/// <param name="StoredAt">When it was stored (UTC).</param>
/// <param name="ContentType">Its content type; null where it named none.</param>
public sealed record SendResult(int Status, string Body, DateTimeOffset StoredAt, string? ContentType = null)
{
    /// <summary>An operator discarded the send: it was never sent.</summary>
    public bool IsDiscarded => Status == 0;

    public static SendResult Discarded(DateTimeOffset at) => new(0, "", at);
}

/// <summary>What stands in the dead letter of a send that Customer.io refused for good.</summary>
/// <param name="Attempts">Attempts counted against it.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record SendRefusal(int Attempts, string Reason);
