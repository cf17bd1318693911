using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>A grant: a request that may be sent now. Its tokens are taken.</summary>
public abstract record Grant
{
    private Grant()
    {
    }

    /// <summary>
    /// The customer may send the head of its queue. The grant ends with <see cref="WorkspaceScheduler.OnOutcome"/> or <see cref="WorkspaceScheduler.OnLost"/>.
    /// </summary>
    /// <param name="Customer">The ordering key.</param>
    /// <param name="LastActivation">See <see cref="Attempts.Permit.LastActivation"/>.</param>
    /// <param name="Class">The class whose tokens were taken.</param>
    /// <param name="IsProbe">Whether it is a probe.</param>
    /// <param name="Waited">How long the customer was ready.</param>
    public sealed record ToCustomer(string Customer, Guid LastActivation, LimitClass Class, bool IsProbe, TimeSpan Waited) : Grant;

    /// <summary>
    /// The customers may send the heads of their queues in one request. The grant ends with <see cref="WorkspaceScheduler.OnBatchOutcome"/> or
    /// <see cref="WorkspaceScheduler.OnBatchLost"/>.
    /// </summary>
    /// <param name="Ticket">The number of the request.</param>
    /// <param name="Customers">Two or more ordering keys, each once.</param>
    /// <param name="LastActivations">One for each customer, see <see cref="Attempts.Permit.LastActivation"/>.</param>
    /// <param name="Class">The class whose tokens were taken.</param>
    /// <param name="Waited">How long the first of the customers was ready.</param>
    public sealed record Batch(long Ticket, IReadOnlyList<string> Customers, IReadOnlyList<Guid> LastActivations, LimitClass Class, TimeSpan Waited) : Grant;

    /// <summary>A caller may forward its request. The grant ends with <see cref="WorkspaceScheduler.OnPassThroughEnded"/>.</summary>
    public sealed record PassThrough(long Ticket, LimitClass Class) : Grant;
}
