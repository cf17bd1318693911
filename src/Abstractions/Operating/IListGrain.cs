namespace CioOrleans.Operating;

/// <summary>
/// Lists of a workspace for operators (key: the workspace's name). Any silo answers from the store; the workspace's owner is not asked. During an upgrade from a
/// version without this grain a caller gets an <see cref="ArgumentException"/> until a silo has it.
/// </summary>
[Alias("cio.IListGrain")]
public interface IListGrain : IGrainWithStringKey
{
    /// <summary>The longest and the oldest queues. Counting gets at most a hundredth of the time, so the answer may be old: <see cref="QueueList.At"/>.</summary>
    [Alias("ReadQueues"), ResponseTimeout("00:01:00")]
    ValueTask<QueueList> ReadQueues();

    /// <summary>A page of the workspace's imports, those that began last first.</summary>
    /// <param name="before">From <see cref="ImportList.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of imports; 1 to 1,000.</param>
    [Alias("ReadImports")]
    ValueTask<ImportList> ReadImports(Ulid? before, int limit);

    /// <summary>A page of the stored sends that Customer.io has answered, those that were accepted last first.</summary>
    /// <param name="before">From <see cref="SendList.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of sends; 1 to 1,000.</param>
    [Alias("ReadAnsweredSends")]
    ValueTask<SendList> ReadAnsweredSends(Ulid? before, int limit);

    /// <summary>The stored sends that wait, the oldest first, among the first waiting calls of the workspace.</summary>
    /// <param name="limit">The maximum number of sends; 1 to 1,000.</param>
    [Alias("ReadWaitingSends"), ResponseTimeout("00:01:00")]
    ValueTask<WaitingSends> ReadWaitingSends(int limit);
}
