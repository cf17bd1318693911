namespace CioOrleans.Api.TrackV2;

/// <summary>The error of an operation of a batch that was refused.</summary>
/// <param name="Index">Its index in the batch, from 0.</param>
/// <param name="Error">Why it was refused.</param>
internal readonly record struct OperationRefusal(int Index, OperationError Error);
