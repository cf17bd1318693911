using CioOrleans.Addressing;
using CioOrleans.Api.Admission;
using CioOrleans.Calls;
using CioOrleans.Client;
using CioOrleans.Customers;

namespace CioOrleans.Api.Handover;

/// <summary>Passes calls to the customers' grains.</summary>
internal sealed partial class GrainCallSink(IGrainFactory grains, GrainKeys keys, AdmissionGate gate, AcceptDeadlines deadlines, ILogger<GrainCallSink> logger) : ICallSink
{
    private static readonly AcceptResult.Unavailable _notAsked = new("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1));

    private static readonly AcceptResult.Unavailable _strangersWait = new(
        "As many calls without credentials wait as Dispatcher:Api:AnonymousMaxQueued allows. Send the workspace's credentials, or try again.", TimeSpan.FromSeconds(10)) { IsOverload = true };

    public ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call)
    {
        if (gate.Refuses(workspace, call) is { } full)
        {
            return ValueTask.FromResult<AcceptResult>(full);
        }

        var start = deadlines.StartAsync();
        return start.IsCompletedSuccessfully ? OfferAsync(workspace, customer, call, start.Result) : AfterAsync(start);

        async ValueTask<AcceptResult> AfterAsync(ValueTask<AcceptDeadline?> started) => await OfferAsync(workspace, customer, call, await started);
    }

    public async ValueTask<AcceptResult> AcceptUpToAsync(string workspace, string customer, Call call, int maxQueued)
    {
        try
        {
            if ((await grains.GetCustomer(keys, new CustomerAddress(workspace, customer)).GetStatus()).Queued >= maxQueued)
            {
                return _strangersWait;
            }
        }
        catch (Exception exception)
        {
            LogAcceptFailed(workspace, exception);
            return _notAsked;
        }

        return await AcceptAsync(workspace, customer, call);
    }

    public async ValueTask<KeyedAccept> AcceptSendAsync(string workspace, string customer, Call call, SendKey key)
    {
        var full = gate.Refuses(workspace, call);
        if (await deadlines.StartAsync() is not { } deadline)
        {
            return new KeyedAccept.Refused(AcceptDeadlines.NoClock);
        }

        try
        {
            var grain = grains.GetCustomer(keys, new CustomerAddress(workspace, customer));
            return full is null ? await grain.AcceptSend(call, key, deadline)
                : await grain.FindSend(key) is { } known ? KeyedAccept.Repeat(known, key)
                : new KeyedAccept.Refused(full);
        }
        catch (Exception exception)
        {
            // It is unknown whether the send was stored. A repeat under the key finds it, so the answer need not wait for the deadline.
            LogAcceptFailed(workspace, exception);
            return new KeyedAccept.Refused(AcceptDeadlines.Uncertain);
        }
    }

    public async ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls)
    {
        if (gate.Refuses(workspace, calls[0]) is { } full)
        {
            return [full];
        }

        if (await deadlines.StartAsync() is not { } deadline)
        {
            return [AcceptDeadlines.NoClock];
        }

        try
        {
            return await grains.GetCustomer(keys, new CustomerAddress(workspace, customer)).AcceptMany(calls, deadline);
        }
        catch (Exception exception)
        {
            return [await EndAsync(deadline, workspace, exception)];
        }
    }

    private ValueTask<AcceptResult> OfferAsync(string workspace, string customer, Call call, AcceptDeadline? started)
    {
        if (started is not { } deadline)
        {
            return ValueTask.FromResult<AcceptResult>(AcceptDeadlines.NoClock);
        }

        ValueTask<AcceptResult> accept;
        try
        {
            accept = call.Kind == CallKind.Merge
                ? grains.GetGrain<IMergeGrain>(workspace).Accept(customer, call, deadline)
                : grains.GetCustomer(keys, new CustomerAddress(workspace, customer)).Accept(call, deadline);
        }
        catch (Exception exception)
        {
            return EndAsync(deadline, workspace, exception);
        }

        return accept.IsCompletedSuccessfully ? accept : AwaitAsync(accept, deadline, workspace);
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
    /// Ends an accept that a time-out, a lost silo or the grain has broken off. The call may have been stored, or may still be on its way to the grain,
    /// so the answer waits until the deadline has passed.
    /// </summary>
    private async ValueTask<AcceptResult> EndAsync(AcceptDeadline deadline, string workspace, Exception exception)
    {
        LogAcceptFailed(workspace, exception);
        if (WrongGrainKeyException.IsCauseOf(exception))
        {
            return AcceptDeadlines.WrongKey;
        }

        await deadlines.WaitUntilPassedAsync(deadline);
        return AcceptDeadlines.Uncertain;
    }
}
