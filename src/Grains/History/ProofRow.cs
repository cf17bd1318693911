using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Grains.History;

/// <summary>What the proof needs of a row.</summary>
/// <param name="Sent">See <see cref="HistoryRow.Sent"/>; null if nothing was sent.</param>
/// <param name="Ended">See <see cref="HistoryRow.Ended"/>.</param>
/// <param name="Precision">See <see cref="HistoryRow.Precision"/>.</param>
/// <param name="Epoch">See <see cref="HistoryRow.Epoch"/>.</param>
/// <param name="Permit">See <see cref="HistoryRow.Permit"/>.</param>
/// <param name="LimitClass">The limit class.</param>
/// <param name="Customer">The customer's number in the store; 0 for none.</param>
/// <param name="Sequence">See <see cref="HistoryRow.Sequence"/>.</param>
/// <param name="Result">See <see cref="HistoryRow.Result"/>.</param>
public readonly record struct ProofRow(
    long? Sent, long Ended, long Precision, long Epoch, long Permit, LimitClass LimitClass, long Customer, long Sequence, HistoryResult Result);
