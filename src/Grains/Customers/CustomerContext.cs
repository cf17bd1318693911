using CioOrleans.Addressing;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.Imports;
using CioOrleans.Leasing;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains.Customers;

/// <summary>What the grains of a workspace's customers have in common on one silo. There are a hundred thousand of them: each holds one reference.</summary>
internal sealed class CustomerContext
{
    public required WorkspaceSettings Settings { get; init; }

    public required WorkspaceMetrics Metrics { get; init; }

    public required IWorkspaceGrain Owner { get; init; }

    public required IGrainFactory Grains { get; init; }

    public required IOutbox Outbox { get; init; }

    public required IDeadLetterStore DeadLetters { get; init; }

    public required ISendResultStore Results { get; init; }

    public required CustomerIoClient Client { get; init; }

    public required PayloadBudget Budget { get; init; }

    public required QueueSharing Sharing { get; init; }

    public required GrainKeys Keys { get; init; }

    public required ActiveCustomers Active { get; init; }

    public required LocalCustomers Local { get; init; }

    public required LocalDeliveries Deliveries { get; init; }

    public required ImportTally Imports { get; init; }

    /// <summary>The clock by which accepts end.</summary>
    public required ILeaseClock Clock { get; init; }

    public required HistoryRecorder History { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The grain of another customer of the workspace.</summary>
    public ICustomerGrain Customer(string customer) => Grains.GetCustomer(Keys, new CustomerAddress(Settings.Name, customer));
}
