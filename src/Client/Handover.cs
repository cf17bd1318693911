using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Client;

/// <summary>Passes calls to their grains.</summary>
internal sealed partial class Handover(IGrainFactory grains, GrainKeys keys, AcceptDeadlines deadlines, ILogger<Handover> logger)
{
    public ValueTask<AcceptResult> AcceptAsync(CustomerAddress customer, Call call, CancellationToken cancellationToken) =>
        OfferAsync(customer.Workspace, deadline => grains.GetCustomer(keys, customer).Accept(call, deadline), cancellationToken);

    /// <summary>A merge is in two queues, so it goes through the grain that gives all merges of a workspace one order.</summary>
    public ValueTask<AcceptResult> MergeAsync(string workspace, string primary, Call merge, CancellationToken cancellationToken) =>
        OfferAsync(workspace, deadline => grains.GetGrain<IMergeGrain>(workspace).Accept(primary, merge, deadline), cancellationToken);

    private async ValueTask<AcceptResult> OfferAsync(string workspace, Func<AcceptDeadline, ValueTask<AcceptResult>> accept, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // A call to a grain cannot be taken back: the token only ends the wait.
        var accepted = OfferAsync(workspace, accept);
        return cancellationToken.CanBeCanceled ? await accepted.AsTask().WaitAsync(cancellationToken) : await accepted;
    }

    private async ValueTask<AcceptResult> OfferAsync(string workspace, Func<AcceptDeadline, ValueTask<AcceptResult>> accept)
    {
        if (await deadlines.StartAsync() is not { } deadline)
        {
            return AcceptDeadlines.NoClock;
        }

        try
        {
            return await accept(deadline);
        }
        catch (Exception exception) when (UnknownWorkspaceIn(exception) is { } unknown)
        {
            throw new UnknownWorkspaceException(unknown.Workspace);
        }
        catch (Exception exception) when (WrongGrainKeyException.IsCauseOf(exception))
        {
            LogAcceptFailed(logger, workspace, exception);
            return AcceptDeadlines.WrongKey;
        }
        catch (Exception exception)
        {
            // A time-out, a lost silo or an error of the grain: the call may have been stored, or may still be on its way to the grain.
            LogAcceptFailed(logger, workspace, exception);
            await deadlines.WaitUntilPassedAsync(deadline);
            return AcceptDeadlines.Uncertain;
        }
    }

    /// <summary>Orleans wraps exceptions of a grain's constructor.</summary>
    private static UnknownWorkspaceException? UnknownWorkspaceIn(Exception? exception) =>
        exception is null ? null : exception as UnknownWorkspaceException ?? UnknownWorkspaceIn(exception.InnerException);
}
