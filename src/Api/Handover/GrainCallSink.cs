using CioOrleans.Api.Admission;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains;

namespace CioOrleans.Api.Handover;

/// <summary>Hands calls to the customers' grains.</summary>
public sealed partial class GrainCallSink(IGrainFactory grains, AdmissionGate gate, ILogger<GrainCallSink> logger) : ICallSink
{
    private static readonly AcceptResult.Unavailable _unavailable = new("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1));

    public ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call)
    {
        if (gate.Refuses(workspace, call) is { } full)
        {
            return ValueTask.FromResult<AcceptResult>(full);
        }

        ValueTask<AcceptResult> accept;
        try
        {
            accept = call.Kind == CallKind.Merge
                ? grains.GetGrain<IMergeGrain>(workspace).Accept(customer, call)
                : grains.GetCustomer(new CustomerAddress(workspace, customer)).Accept(call);
        }
        catch (Exception exception)
        {
            return ValueTask.FromResult<AcceptResult>(Refused(workspace, exception));
        }

        return accept.IsCompletedSuccessfully ? accept : AwaitAsync(accept, workspace);
    }

    public async ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls)
    {
        if (gate.Refuses(workspace, calls[0]) is { } full)
        {
            return [full];
        }

        try
        {
            return await grains.GetCustomer(new CustomerAddress(workspace, customer)).AcceptMany(calls);
        }
        catch (Exception exception)
        {
            return [Refused(workspace, exception)];
        }
    }

    private async ValueTask<AcceptResult> AwaitAsync(ValueTask<AcceptResult> accept, string workspace)
    {
        try
        {
            return await accept;
        }
        catch (Exception exception)
        {
            // Whatever failed (a time-out, a silo that is gone, the grain itself): nothing was acknowledged, so a repeat is safe.
            return Refused(workspace, exception);
        }
    }

    private AcceptResult.Unavailable Refused(string workspace, Exception exception)
    {
        LogAcceptFailed(workspace, exception);
        return _unavailable;
    }
}
