using System.Collections.Concurrent;
using CioOrleans.Addressing;
using CioOrleans.Delivery;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;
using CioOrleans.Leasing;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Customers;

/// <summary>One <see cref="CustomerContext"/> a workspace.</summary>
internal sealed class CustomerContexts(
    IGrainFactory grains,
    GrainKeys keys,
    IOutbox outbox,
    IDeadLetterStore deadLetters,
    ISendResultStore results,
    CustomerIoClient client,
    PayloadBudget budget,
    QueueSharing sharing,
    ActiveCustomers active,
    LocalCustomers local,
    LocalDeliveries deliveries,
    WorkspaceCatalog workspaces,
    DispatcherMetrics metrics,
    ImportTally imports,
    ILeaseClock clock,
    HistoryRecorder history,
    TimeProvider time,
    ILogger<CustomerGrain> logger)
{
    private readonly ConcurrentDictionary<string, CustomerContext> _contexts = new(StringComparer.Ordinal);

    public GrainKeys Keys => keys;

    public CustomerContext Of(string workspace) => _contexts.GetOrAdd(workspace, Create);

    private CustomerContext Create(string workspace) => new()
    {
        Settings = workspaces.Get(workspace),
        Metrics = metrics.Of(workspace),
        Owner = grains.GetWorkspace(workspace),
        Grains = grains,
        Outbox = outbox,
        DeadLetters = deadLetters,
        Results = results,
        Client = client,
        Budget = budget,
        Sharing = sharing,
        Keys = keys,
        Active = active,
        Local = local,
        Deliveries = deliveries,
        Imports = imports,
        Clock = clock,
        History = history,
        Time = time,
        Logger = logger,
    };
}
