using CioOrleans.Limits;

namespace CioOrleans.Configuration;

/// <summary>Classes that share buckets, and the limits that each of their requests must pass.</summary>
/// <param name="Classes">One or more; a class is in exactly one group of a workspace.</param>
/// <param name="Limits">One or more.</param>
public sealed record LimitGroupSettings(IReadOnlyList<LimitClass> Classes, IReadOnlyList<RateLimit> Limits);
