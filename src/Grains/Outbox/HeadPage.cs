namespace CioOrleans.Outbox;

/// <summary>Some customers whose queues are not empty.</summary>
/// <param name="Heads">Each customer once a page.</param>
/// <param name="Next">Pass it on to read the following page; null after the last one.</param>
/// <param name="Position">Pass it to <see cref="IOutbox.ReadNewWorkAsync"/> to see what was appended after this page was read.</param>
public sealed record HeadPage(IReadOnlyList<CustomerHead> Heads, long? Next, long Position);
