namespace CioOrleans.Delivery;

/// <summary>
/// Sends the heads of many customers' queues in one request. A workspace has several (key: workspace, slash, number), wherever they
/// are placed; they hold nothing between two batches.
/// </summary>
[Alias("cio.IBatchGrain")]
public interface IBatchGrain : IGrainWithStringKey
{
    /// <summary>Collects the heads, sends them under the one permit, and tells each customer what became of its own.</summary>
    /// <param name="permit">Pays for the request.</param>
    /// <param name="customers">Ordering keys, each once.</param>
    /// <param name="lastActivations">One a customer, in the order of <paramref name="customers"/>: see <see cref="Permit.LastActivation"/>.</param>
    [Alias("Deliver"), ResponseTimeout("00:01:30")]
    ValueTask<BatchOutcome> Deliver(Permit permit, IReadOnlyList<string> customers, IReadOnlyList<Guid> lastActivations);
}
