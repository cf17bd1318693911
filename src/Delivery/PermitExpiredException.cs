namespace CioOrleans.Delivery;

/// <summary>Aborts a request inside the HTTP stack; see <see cref="Attempt.ResultOf"/>.</summary>
internal sealed class PermitExpiredException() : Exception("The permit has ended.");
