namespace CioOrleans.History;

/// <summary>Reads the history of a workspace. Any silo answers. The key is the workspace's name.</summary>
[Alias("cio.IHistoryGrain")]
public interface IHistoryGrain : IGrainWithStringKey
{
    /// <summary>Searches a part of the history, the newest row first.</summary>
    /// <param name="filter">Selects the rows.</param>
    /// <param name="before">From <see cref="HistoryPage.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of rows.</param>
    [Alias("Search")]
    ValueTask<HistoryPage> Search(HistoryFilter filter, long? before, int limit);

    /// <summary>Judges a span of time from the record alone. Reads all of its rows: ten million take less than a minute.</summary>
    /// <param name="from">The begin of the span.</param>
    /// <param name="to">Its end; null for the latest time whose requests must all have ended.</param>
    [Alias("Verify"), ResponseTimeout("00:15:00")]
    ValueTask<ProofReport> Verify(DateTimeOffset from, DateTimeOffset? to);

    /// <summary>Removes what tells of a customer, from as many rows as a moment allows. That requests were made stays.</summary>
    /// <param name="customer">The ordering key.</param>
    /// <returns>The number of changed rows, and whether there may be more.</returns>
    [Alias("Erase")]
    ValueTask<HistoryErasure> Erase(string customer);
}

/// <summary>What an erasure did.</summary>
/// <param name="Rows">The number of changed rows.</param>
/// <param name="HasMore">Whether there may be more.</param>
/// <param name="Problem">Why it could not go on; null if it could.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryErasure")]
public sealed record HistoryErasure([property: Id(0)] int Rows, [property: Id(1)] bool HasMore, [property: Id(2)] string? Problem = null);
