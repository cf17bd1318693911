using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Operating;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

/// <summary>What every outbox owes its users. An implementation derives from each contract with a harness of its own.</summary>
public abstract class OutboxContract<THarness> : IAsyncLifetime
    where THarness : OutboxHarness, new()
{
    protected const string Workspace = "acme";

    protected const int AllBytes = int.MaxValue;

    private readonly THarness _harness = new();

    protected IOutbox Outbox => _harness.Outbox;

    protected IDeadLetterStore DeadLetters => _harness.DeadLetters;

    protected IWorkspaceStateStore States => _harness.States;

    protected ISendResultStore SendResults => _harness.SendResults;

    protected IAuditStore Audit => _harness.Audit;

    protected IRefusedCallStore Refused => _harness.Refused;

    protected IHistoryStore History => _harness.History;

    protected IListStore Lists => _harness.Lists;

    protected ILeaseStore Leases => _harness.Leases;

    public async ValueTask InitializeAsync() => await _harness.StartAsync();

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    protected Task ReopenAsync() => _harness.ReopenAsync();

    protected Task ReopenAfterAsync(string sql) => _harness.ReopenAfterAsync(sql);

    protected static CustomerAddress Customer(string id, string workspace = Workspace) => new(workspace, CustomerKey.FromId(id));

    /// <summary>Appends and expects it to be taken.</summary>
    protected async Task<RowKey> AppendAsync(CustomerAddress customer, long sequence, Call? call = null)
    {
        call ??= TestCalls.Any();
        Assert.IsType<AppendResult.Appended>(await Outbox.AppendAsync(customer, sequence, call));
        return new RowKey(customer, sequence, call.Id);
    }

    protected async Task CompleteAsync(params RowKey[] rows) =>
        Assert.IsType<WriteResult.Written>(await Outbox.CompleteAsync(rows));

    protected async Task DeadLetterAsync(RowKey row) =>
        Assert.IsType<WriteResult.Written>(await Outbox.DeadLetterAsync(row, 3, "422 Unprocessable", TestCalls.Noon));

    protected async Task<CustomerQueue> ReadAsync(CustomerAddress customer, long after = 0, int maxRows = int.MaxValue) =>
        await Outbox.ReadQueueAsync(customer, after, maxRows, AllBytes);

    private async Task<long[]> SequencesAsync(CustomerAddress customer) =>
        [.. (await ReadAsync(customer)).Rows.Select(row => row.Sequence)];

    protected async Task ExpectSequencesAsync(CustomerAddress customer, params long[] expected) =>
        Assert.Equal(expected, await SequencesAsync(customer));

    /// <summary>Every head of a workspace, page after page; fails when a customer comes twice.</summary>
    protected async Task<Dictionary<string, HeadState>> HeadsAsync(int pageSize, string workspace = Workspace)
    {
        Dictionary<string, HeadState> heads = [];
        long? next = null;
        do
        {
            var page = await Outbox.ReadHeadsAsync(workspace, next, pageSize);
            Assert.True(page.Heads.Count <= pageSize);
            foreach (var head in page.Heads)
            {
                heads.Add(head.Customer, head.Head);
            }

            next = page.Next;
        }
        while (next is not null);

        return heads;
    }

    /// <summary>Everybody who got a call after <paramref name="position"/>, and the position to go on from.</summary>
    protected async Task<(Dictionary<string, HeadState> Heads, long Position)> NewWorkAsync(long position, int pageSize = 100)
    {
        Dictionary<string, HeadState> heads = [];
        HashSet<long> seen = [];
        var (isLast, last) = (false, position);
        while (!isLast)
        {
            var page = await Outbox.ReadNewWorkAsync(Workspace, last, pageSize, seen);
            Assert.True(page.Heads.Count <= pageSize);
            foreach (var head in page.Heads)
            {
                heads.Add(head.Customer, head.Head);
            }

            Assert.Equal(heads.Count, seen.Count);

            (isLast, last) = (page.Next is null, page.Next ?? page.Position);
        }

        return (heads, last);
    }
}
