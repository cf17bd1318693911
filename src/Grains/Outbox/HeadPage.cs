namespace CioOrleans.Grains.Outbox;

/// <summary>Some customers whose queues are not empty.</summary>
/// <param name="Heads">Each customer at most once in a page.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
/// <param name="Position">Pass it to <see cref="IOutbox.ReadNewWorkAsync"/> to read calls that were appended after this page was read.</param>
public sealed record HeadPage(IReadOnlyList<CustomerHead> Heads, long? Next, long Position);
