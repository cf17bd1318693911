namespace CioOrleans.Samples.CoHosted;

/// <summary>Somebody who signs up.</summary>
internal sealed record Customer(string Id, string Email, string Plan);
