namespace CioOrleans.Delivery.Batches;

/// <summary>What a response says of one operation of a batch.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Text">For people.</param>
/// <param name="IsPassing">Customer.io's own trouble, not the operation's: a repeat may succeed.</param>
internal readonly record struct BatchItemError(int Index, string Text, bool IsPassing);
