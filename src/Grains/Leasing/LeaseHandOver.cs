namespace CioOrleans.Grains.Leasing;

/// <summary>What an owner that stopped in good order left for the next one.</summary>
/// <param name="Text">Whatever it wrote.</param>
/// <param name="ReleasedAt">By the lease clock: when it did, rather later than in truth.</param>
public sealed record LeaseHandOver(string Text, TimeSpan ReleasedAt);
