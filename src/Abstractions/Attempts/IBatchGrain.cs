namespace CioOrleans.Attempts;

/// <summary>
/// Sends the heads of many customers' queues in one request. A workspace has several batch grains (key: workspace, slash, number) on any silo. They keep no
/// state between two batches.
/// </summary>
[Alias("cio.IBatchGrain")]
public interface IBatchGrain : IGrainWithStringKey
{
    /// <summary>Collects the heads, sends them under one permit, and returns each customer's result to its grain.</summary>
    /// <param name="permit">The permit for the request.</param>
    /// <param name="customers">Ordering keys, each once.</param>
    /// <param name="lastActivations">One for each customer, in the order of <paramref name="customers"/>: see <see cref="Permit.LastActivation"/>.</param>
    [Alias("Deliver"), ResponseTimeout("00:01:30")]
    ValueTask<BatchOutcome> Deliver(Permit permit, IReadOnlyList<string> customers, IReadOnlyList<Guid> lastActivations);
}
