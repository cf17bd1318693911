using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Dispatching;

/// <summary>Hands calls to the grains.</summary>
internal sealed partial class Handover(IGrainFactory grains, ILogger<Handover> logger)
{
    private static readonly AcceptResult.Unavailable _unavailable = new("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1));

    public ValueTask<AcceptResult> AcceptAsync(CustomerAddress customer, Call call, CancellationToken cancellationToken) =>
        OfferAsync(customer.Workspace, () => grains.GetCustomer(customer).Accept(call), cancellationToken);

    /// <summary>A merge stands in two queues, so it goes through the grain that gives all merges of a workspace one order.</summary>
    public ValueTask<AcceptResult> MergeAsync(string workspace, string primary, Call merge, CancellationToken cancellationToken) =>
        OfferAsync(workspace, () => grains.GetGrain<IMergeGrain>(workspace).Accept(primary, merge), cancellationToken);

    private async ValueTask<AcceptResult> OfferAsync(string workspace, Func<ValueTask<AcceptResult>> accept, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // What a grain has been asked cannot be taken back: the token ends the wait only.
            return cancellationToken.CanBeCanceled ? await accept().AsTask().WaitAsync(cancellationToken) : await accept();
        }
        catch (Exception exception) when (UnknownWorkspaceIn(exception) is { } unknown)
        {
            throw new UnknownWorkspaceException(unknown.Workspace);
        }
        catch (Exception exception) when (!IsCallersOwn(exception, cancellationToken))
        {
            // Whatever failed (a time-out, a silo that is gone, the grain itself): nothing was acknowledged.
            LogAcceptFailed(logger, workspace, exception);
            return _unavailable;
        }
    }

    /// <summary>Orleans wraps what a grain's constructor throws.</summary>
    private static UnknownWorkspaceException? UnknownWorkspaceIn(Exception? exception) =>
        exception is null ? null : exception as UnknownWorkspaceException ?? UnknownWorkspaceIn(exception.InnerException);

    private static bool IsCallersOwn(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
