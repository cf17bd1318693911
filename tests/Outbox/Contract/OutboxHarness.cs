using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

/// <summary>An outbox under test: a fresh and empty store of its own, however it is kept.</summary>
public abstract class OutboxHarness : IAsyncDisposable
{
    public abstract IOutbox Outbox { get; }

    public abstract IDeadLetterStore DeadLetters { get; }

    public abstract IWorkspaceStateStore States { get; }

    public abstract ISendResultStore SendResults { get; }

    public abstract IAuditStore Audit { get; }

    public abstract IRefusedCallStore Refused { get; }

    public abstract IHistoryStore History { get; }

    public abstract IListStore Lists { get; }

    public abstract ILeaseStore Leases { get; }

    public abstract Task StartAsync();

    /// <summary>Closes everything in good order and opens it again on the same store, as a restart does.</summary>
    public abstract Task ReopenAsync();

    /// <summary>Executes a statement while the store is closed, and opens it again.</summary>
    public abstract Task ReopenAfterAsync(string sql);

    public abstract ValueTask DisposeAsync();
}
