namespace CioOrleans.Api.TrackV2;

/// <summary>An operation of a batch that was not taken.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Error">Why not.</param>
internal readonly record struct ItemError(int Index, OperationError Error);
