using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

/// <summary>Something that may be sent now. Its tokens are taken.</summary>
public abstract record Dispatch
{
    private Dispatch()
    {
    }

    /// <summary>The customer may send the head of its queue; ends with <see cref="WorkspaceScheduler.OnOutcome"/> or <see cref="WorkspaceScheduler.OnLost"/>.</summary>
    /// <param name="Customer">The ordering key.</param>
    /// <param name="LastActivation">For its permit.</param>
    /// <param name="Class">The class whose tokens were taken.</param>
    /// <param name="IsProbe">It is sent to see whether the upstream is well again.</param>
    /// <param name="Waited">How long the customer was ready before.</param>
    public sealed record ToCustomer(string Customer, Guid LastActivation, LimitClass Class, bool IsProbe, TimeSpan Waited) : Dispatch;

    /// <summary>The customers may send the heads of their queues in one request; ends with <see cref="WorkspaceScheduler.OnBatchOutcome"/> or <see cref="WorkspaceScheduler.OnBatchLost"/>.</summary>
    /// <param name="Ticket">Names the request.</param>
    /// <param name="Customers">Two or more ordering keys, each once.</param>
    /// <param name="LastActivations">One a customer, for its share of the permit.</param>
    /// <param name="Class">The class whose tokens were taken.</param>
    /// <param name="Waited">How long the first of them was ready before.</param>
    public sealed record Batch(long Ticket, IReadOnlyList<string> Customers, IReadOnlyList<Guid> LastActivations, LimitClass Class, TimeSpan Waited) : Dispatch;

    /// <summary>A live caller may forward its request; ends with <see cref="WorkspaceScheduler.OnPassThroughEnded"/>.</summary>
    public sealed record PassThrough(long Ticket, LimitClass Class) : Dispatch;
}
