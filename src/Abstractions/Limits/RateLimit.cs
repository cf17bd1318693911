namespace CioOrleans.Limits;

/// <summary>At most <paramref name="Permits"/> requests may arrive within any <paramref name="Window"/>.</summary>
/// <param name="Permits">One or more.</param>
/// <param name="Window">More than zero.</param>
public sealed record RateLimit(int Permits, TimeSpan Window);
