namespace CioOrleans.Delivery;

/// <summary>Breaks a request off inside the HTTP stack; see <see cref="Attempt.ResultOf"/>.</summary>
internal sealed class PermitExpiredException() : Exception("The permit has ended.");
