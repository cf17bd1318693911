namespace CioOrleans.Cluster.Harness;

/// <summary>A call of a <see cref="Load"/>.</summary>
internal readonly record struct Call(string Customer, int Seq);
