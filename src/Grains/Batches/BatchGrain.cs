using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Batches;
using CioOrleans.Delivery.Tracing;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Limits;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Batches;

/// <inheritdoc cref="IBatchGrain"/>
[Reentrant]
internal sealed partial class BatchGrain : Grain, IBatchGrain
{
    /// <summary>A customer that has not answered by then stays behind: the permit of all the others runs out.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private static readonly DeliveryOutcome.Unused _unreachable = new(UnusedReason.OutboxUnavailable, HeadState.Empty);

    private readonly WorkspaceSettings _settings;
    private static readonly DeliveryOutcome _siloStopping = new DeliveryOutcome.Unused(UnusedReason.SiloStopping, HeadState.Empty);

    private readonly CustomerIoClient _client;
    private readonly GrainKeys _keys;
    private readonly LocalDeliveries _deliveries;
    private readonly HistoryRecorder _history;
    private readonly TimeProvider _time;
    private readonly ILogger<BatchGrain> _logger;

    public BatchGrain(CustomerIoClient client, GrainKeys keys, LocalDeliveries deliveries, WorkspaceCatalog workspaces, HistoryRecorder history, TimeProvider time, ILogger<BatchGrain> logger)
    {
        var key = this.GetPrimaryKeyString();
        _settings = workspaces.Get(key[..key.IndexOf('/', StringComparison.Ordinal)]);
        _client = client;
        _keys = keys;
        _deliveries = deliveries;
        _history = history;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async ValueTask<BatchOutcome> Deliver(Permit permit, IReadOnlyList<string> customers, IReadOnlyList<Guid> lastActivations)
    {
        if (!_deliveries.TryBegin())
        {
            DeactivateOnIdle();
            return new BatchOutcome([.. customers.Select(_ => _siloStopping)], WasSent: false, TimeSpan.Zero, TimeSpan.Zero, RateLimitSignal.None);
        }

        try
        {
            return await SendAsync(permit, customers, lastActivations);
        }
        finally
        {
            _deliveries.End();
        }
    }

    private async ValueTask<BatchOutcome> SendAsync(Permit permit, IReadOnlyList<string> customers, IReadOnlyList<Guid> lastActivations)
    {
        var grains = customers.Select(customer => GrainFactory.GetCustomer(_keys, new CustomerAddress(_settings.Name, customer))).ToArray();
        var offers = await Task.WhenAll(grains.Select((grain, i) => AskAsync(grain, permit with { LastActivation = lastActivations[i] })));
        var request = BatchRequest.Of(offers, _settings.Batching.MaxBytes);
        if (request.ToCall() is not { } call)
        {
            return new BatchOutcome([.. BatchRequest.LeftBehind(offers)], WasSent: false, TimeSpan.Zero, TimeSpan.Zero, RateLimitSignal.None);
        }

        using var scope = AttemptScope.OfBatch(_time, _settings, request.Calls);
        var result = await _client.SendAsync(_settings, call, permit, CancellationToken.None);
        scope.End(result);
        var results = BatchResults.Judge(result, request.Members.Count, _history.TraceOfBatch(permit, result));
        var items = BatchRequest.LeftBehind(offers);
        var conclusions = request.Members.Select((member, i) => ConcludeAsync(grains[member], (BatchOffer.Head)offers[member], scope.TraceParent is { } span ? results[i] with { TraceParent = span } : results[i])).ToArray();
        for (var i = 0; i < conclusions.Length; i++)
        {
            items[request.Members[i]] = await conclusions[i];
        }

        var (sinceResponse, sinceSent) = (_time.GetElapsedTime(result.EndedAt), result.SentAt == 0 ? TimeSpan.Zero : _time.GetElapsedTime(result.SentAt));
        return new BatchOutcome(items, BatchResults.WasSent(result), sinceResponse, sinceSent, (result as AttemptResult.Response)?.Signal ?? RateLimitSignal.None)
        {
            IsRecorded = request.Members.Any(member => IsRecorded(items[member])),
            IsKept = request.Members.Any(member => IsRecorded(items[member]) && items[member].IsKept),
        };
    }

    /// <summary>One row tells when the request was under way. A customer whose head had changed meanwhile stored none.</summary>
    private static bool IsRecorded(DeliveryOutcome item) => item is { IsRecorded: true } and not DeliveryOutcome.Unused { Why: UnusedReason.HeadEnded };

    private async Task<BatchOffer> AskAsync(ICustomerGrain customer, Permit permit)
    {
        try
        {
            return await customer.OfferHead(permit).AsTask().WaitAsync(_patience, _time);
        }
        catch (Exception exception)
        {
            LogNoOffer(_logger, _settings.Name, exception);
            return new BatchOffer.Nothing(_unreachable);
        }
    }

    private async Task<DeliveryOutcome> ConcludeAsync(ICustomerGrain customer, BatchOffer.Head head, BatchItemResult result)
    {
        try
        {
            return await customer.ConcludeHead(head.Sequence, head.Call.Id, result);
        }
        catch (Exception exception)
        {
            // The request has ended; what became of this call is not stored: it goes once more, with the same id.
            LogNotConcluded(_logger, _settings.Name, exception);
            return _unreachable;
        }
    }
}
