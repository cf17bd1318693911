namespace CioOrleans.Outbox;

/// <summary>Customer.io's answer to a send: that it took it, or that it refused it for good.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
/// <param name="StoredAt">When it was stored (UTC).</param>
/// <param name="ContentType">Its content type; null where it named none.</param>
public sealed record SendResult(int Status, string Body, DateTimeOffset StoredAt, string? ContentType = null);

/// <summary>What stands in the dead letter of a send that Customer.io refused for good.</summary>
/// <param name="Attempts">Attempts counted against it.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record SendRefusal(int Attempts, string Reason);
