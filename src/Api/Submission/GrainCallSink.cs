using CioOrleans.Addressing;
using CioOrleans.Api.Admission;
using CioOrleans.Calls;
using CioOrleans.Client;
using CioOrleans.Configuration;
using CioOrleans.Customers;

namespace CioOrleans.Api.Submission;

/// <summary>Passes calls to the customers' grains unless back-pressure refuses them.</summary>
internal sealed partial class GrainCallSink(IGrainFactory grains, GrainKeys keys, AdmissionGate gate, CallSubmitter submitter, TimeProvider time, ILogger<GrainCallSink> logger) : ICallSink
{
    private static readonly AcceptResult.Unavailable _notAsked = new("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1));

    private static readonly AcceptResult.Unavailable _anonymousFull = new(
        "As many calls without credentials wait as the settings allow (Api:AnonymousMaxQueued, Pipelines:Browser:MaxQueued). Send the workspace's credentials, or try again.", TimeSpan.FromSeconds(10)) { IsOverload = true };

    public async ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call)
    {
        if (gate.Refuses(workspace, call) is { } full)
        {
            return full;
        }

        var scope = new AcceptScope(time, workspace, call, 1);
        try
        {
            return await submitter.AcceptAloneAsync(new CustomerAddress(workspace, customer), call);
        }
        catch (UnknownWorkspaceException exception)
        {
            LogNotPassed(workspace, exception);
            return _notAsked;
        }
        finally
        {
            scope.End();
        }
    }

    public async ValueTask<AcceptResult> AcceptUpToAsync(string workspace, string customer, Call call, int maxQueued)
    {
        try
        {
            if ((await grains.GetCustomer(keys, new CustomerAddress(workspace, customer)).GetStatus()).Queued >= maxQueued)
            {
                return _anonymousFull;
            }
        }
        catch (Exception exception)
        {
            LogNotPassed(workspace, exception);
            return _notAsked;
        }

        return await AcceptAsync(workspace, customer, call);
    }

    public async ValueTask<KeyedAccept> AcceptSendAsync(string workspace, string customer, Call call, SendKey key)
    {
        var scope = new AcceptScope(time, workspace, call, 1);
        var accepted = await submitter.AcceptSendAsync(new CustomerAddress(workspace, customer), call, key, gate.Refuses(workspace, call));
        scope.End();
        return accepted;
    }

    public async ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls)
    {
        if (gate.Refuses(workspace, calls[0]) is { } full)
        {
            return [full];
        }

        var scope = new AcceptScope(time, workspace, calls[0], calls.Count);
        try
        {
            return await submitter.AcceptManyAsync(new CustomerAddress(workspace, customer), calls);
        }
        catch (UnknownWorkspaceException exception)
        {
            LogNotPassed(workspace, exception);
            return [_notAsked];
        }
        finally
        {
            scope.End();
        }
    }
}
