using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Client;

/// <summary>
/// Passes calls to their grains. It is the only place that does so, for the HTTP front-end and for a service that hosts the dispatcher. An accept that fails
/// has a result; only <see cref="UnknownWorkspaceException"/> is thrown.
/// </summary>
public sealed partial class CallSubmitter(IGrainFactory grains, GrainKeys keys, AcceptDeadlines deadlines, ILogger<CallSubmitter> logger, ILocalCustomers? local = null)
{
    /// <summary>Accepts a call. Returns once the call is on stable storage or was refused.</summary>
    /// <param name="customer">Whose call it is; for a merge, the primary.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="UnknownWorkspaceException">The silos do not know the workspace.</exception>
    public ValueTask<AcceptResult> AcceptAsync(CustomerAddress customer, Call call)
    {
        var start = deadlines.StartAsync();
        return start.IsCompletedSuccessfully ? AcceptAsync(customer, call, start.Result) : AfterAsync(start);

        async ValueTask<AcceptResult> AfterAsync(ValueTask<AcceptDeadline?> started) => await AcceptAsync(customer, call, await started);
    }

    /// <summary>Accepts a call. The token ends the wait only: a call that is on its way to its grain cannot be taken back.</summary>
    /// <exception cref="UnknownWorkspaceException">The silos do not know the workspace.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait. The call may be accepted nevertheless.</exception>
    public async ValueTask<AcceptResult> AcceptAsync(CustomerAddress customer, Call call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var accepted = AcceptAsync(customer, call);
        return cancellation.CanBeCanceled ? await accepted.AsTask().WaitAsync(cancellation) : await accepted;
    }

    /// <summary>
    /// Accepts a call of a customer of whom the caller has no other accept under way: such an accept may be overtaken. It costs less than
    /// <see cref="AcceptAsync(CustomerAddress, Call)"/> if the customer's grain is active in this process.
    /// </summary>
    /// <exception cref="UnknownWorkspaceException">The silos do not know the workspace.</exception>
    public ValueTask<AcceptResult> AcceptAloneAsync(CustomerAddress customer, Call call) =>
        local is null || call.Kind == CallKind.Merge ? AcceptAsync(customer, call) : AcceptHereAsync(local, customer, call);

    /// <summary>Accepts several calls of one customer, in their order. None may be a merge.</summary>
    /// <returns>One result per call, in their order; a single refusal if none could be passed to the grain.</returns>
    /// <exception cref="UnknownWorkspaceException">The silos do not know the workspace.</exception>
    public async ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(CustomerAddress customer, IReadOnlyList<Call> calls)
    {
        if (await deadlines.StartAsync() is not { } deadline)
        {
            return [AcceptDeadlines.NoClock];
        }

        try
        {
            return await grains.GetCustomer(keys, customer).AcceptMany(calls, deadline);
        }
        catch (Exception exception)
        {
            return [await EndAsync(deadline, customer.Workspace, exception)];
        }
    }

    /// <summary>Accepts a send under a key. Never throws.</summary>
    /// <param name="customer">The queue that the send joins if its key is new.</param>
    /// <param name="call">The send.</param>
    /// <param name="key">Its key.</param>
    /// <param name="refusal">If not null, a send whose key is new is refused with this; a key that is bound is still found.</param>
    public async ValueTask<KeyedAccept> AcceptSendAsync(CustomerAddress customer, Call call, SendKey key, AcceptResult.NotAccepted? refusal)
    {
        if (await deadlines.StartAsync() is not { } deadline)
        {
            return new KeyedAccept.Refused(AcceptDeadlines.NoClock);
        }

        try
        {
            var grain = grains.GetCustomer(keys, customer);
            return refusal is null ? await grain.AcceptSend(call, key, deadline)
                : await grain.FindSend(key) is { } known ? KeyedAccept.Repeat(known, key)
                : new KeyedAccept.Refused(refusal);
        }
        catch (Exception exception)
        {
            // It is unknown whether the send was stored. A repeat under the key finds it, so the answer need not wait for the deadline.
            LogAcceptFailed(logger, customer.Workspace, exception);
            return new KeyedAccept.Refused(AcceptDeadlines.Uncertain);
        }
    }

    private async ValueTask<AcceptResult> AcceptHereAsync(ILocalCustomers customers, CustomerAddress customer, Call call)
    {
        if (await deadlines.StartAsync() is not { } deadline)
        {
            return AcceptDeadlines.NoClock;
        }

        try
        {
            if (customers.TryAcceptAsync(customer, call, deadline) is { } accept && await accept is { } result)
            {
                return result;
            }
        }
        catch (Exception exception)
        {
            return await EndAsync(deadline, customer.Workspace, exception);
        }

        return await AcceptAsync(customer, call, deadline);
    }

    private ValueTask<AcceptResult> AcceptAsync(CustomerAddress customer, Call call, AcceptDeadline? started)
    {
        if (started is not { } deadline)
        {
            return ValueTask.FromResult<AcceptResult>(AcceptDeadlines.NoClock);
        }

        ValueTask<AcceptResult> accept;
        try
        {
            // A merge is in two queues, so it goes through the grain that gives all merges of a workspace one order.
            accept = call.Kind == CallKind.Merge
                ? grains.GetGrain<IMergeGrain>(customer.Workspace).Accept(customer.Customer, call, deadline)
                : grains.GetCustomer(keys, customer).Accept(call, deadline);
        }
        catch (Exception exception)
        {
            return EndAsync(deadline, customer.Workspace, exception);
        }

        return accept.IsCompletedSuccessfully ? accept : AwaitAsync(accept, deadline, customer.Workspace);
    }

    private async ValueTask<AcceptResult> AwaitAsync(ValueTask<AcceptResult> accept, AcceptDeadline deadline, string workspace)
    {
        try
        {
            return await accept;
        }
        catch (Exception exception)
        {
            return await EndAsync(deadline, workspace, exception);
        }
    }

    /// <summary>
    /// Ends an accept that failed because of a time-out, a lost silo or an error of the grain. The call may have been stored, or may still be on its way to
    /// the grain, so the result waits until the deadline has passed.
    /// </summary>
    private async ValueTask<AcceptResult> EndAsync(AcceptDeadline deadline, string workspace, Exception exception)
    {
        if (UnknownWorkspaceIn(exception) is { } unknown)
        {
            throw new UnknownWorkspaceException(unknown.Workspace);
        }

        LogAcceptFailed(logger, workspace, exception);
        if (WrongGrainKeyException.IsCauseOf(exception))
        {
            return AcceptDeadlines.WrongKey;
        }

        await deadlines.WaitUntilPassedAsync(deadline);
        return AcceptDeadlines.Uncertain;
    }

    /// <summary>Orleans wraps exceptions of a grain's constructor.</summary>
    private static UnknownWorkspaceException? UnknownWorkspaceIn(Exception? exception) =>
        exception is null ? null : exception as UnknownWorkspaceException ?? UnknownWorkspaceIn(exception.InnerException);
}
