namespace CioOrleans.Grains.Leasing;

/// <summary>What an owner that stopped in good order stored for its successor, as text.</summary>
/// <param name="Text">The text that the owner wrote.</param>
/// <param name="ReleasedAt">When the owner gave the lease back, by the lease clock. Never earlier than the true time.</param>
public sealed record HandOver(string Text, TimeSpan ReleasedAt);
