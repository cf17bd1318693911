using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.History;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Reads of the history.</summary>
internal sealed partial class ReaderSession
{
    public IReadOnlyList<HistoryNote> ReadNotes(string workspace) => History.ReadNotes(Workspace(workspace));

    public HistoryPage SearchHistory(string workspaceName, HistoryFilter filter, long? before, int limit)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new HistoryPage([], null);
        }

        long? customer = null;
        if (filter.Customer is { } key)
        {
            customer = Customer(workspace, key);
            if (customer is null)
            {
                return new HistoryPage([], null);
            }
        }

        return History.Search(workspaceName, workspace, customer, filter, before, limit);
    }

    public ProofPage ReadProof(string workspace, long first, long before) =>
        Workspace(workspace) is { } id ? History.ReadProof(id, first, before) : new ProofPage([], null);

    /// <summary>A customer's number, and the ids of its rows.</summary>
    public (long Customer, IReadOnlyList<long> Ids) FindHistory(CustomerAddress address, int limit) =>
        Workspace(address.Workspace) is { } workspace && Customer(workspace, address.Customer) is { } customer ? (customer, History.FindIds(customer, limit)) : (0, []);
}
