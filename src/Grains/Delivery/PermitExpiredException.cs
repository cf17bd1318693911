namespace CioOrleans.Delivery;

/// <summary>Breaks a request off inside the HTTP stack; never leaves <see cref="CustomerIoClient"/>.</summary>
internal sealed class PermitExpiredException() : Exception("The permit has ended.");
