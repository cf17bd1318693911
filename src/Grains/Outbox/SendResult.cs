namespace CioOrleans.Outbox;

/// <summary>Customer.io's answer to a send that it took.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body, as far as it is kept.</param>
/// <param name="StoredAt">When it was stored (UTC).</param>
public sealed record SendResult(int Status, string Body, DateTimeOffset StoredAt);
