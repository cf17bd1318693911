namespace CioOrleans.Samples.CoHosted;

/// <summary>Something bought.</summary>
/// <param name="OrderId">The shop's own id of the order.</param>
/// <param name="Product">What.</param>
/// <param name="Price">For how much.</param>
/// <param name="Seq">Counts this customer's purchases. By it the sandbox's report tells whether they came in order.</param>
internal sealed record Purchase(Guid OrderId, string Product, decimal Price, int Seq);
