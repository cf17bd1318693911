using CioOrleans.Customers;
using CioOrleans.History;
using Orleans.Concurrency;

namespace CioOrleans.Grains.History;

/// <inheritdoc cref="IHistoryGrain"/>
[StatelessWorker, Reentrant]
internal sealed class HistoryGrain(IHistoryStore store, TimeProvider time) : Grain, IHistoryGrain
{
    private const int ErasedAtOnce = 1_000;
    private const int MaxErased = 20_000;

    /// <summary>What may pass from the end of a request until its row is stored.</summary>
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(2);

    private string Workspace => this.GetPrimaryKeyString();

    public ValueTask<HistoryPage> Search(HistoryFilter filter, long? before, int limit) => store.SearchHistoryAsync(Workspace, filter, before, limit);

    public ValueTask<ProofReport> Verify(DateTimeOffset from, DateTimeOffset? to)
    {
        // Not in the grain's turns: a row costs less than the change of a turn.
        var workspace = Workspace;
        return new ValueTask<ProofReport>(Task.Run(() => VerifyAsync(workspace, from, to)));
    }

    public async ValueTask<HistoryErasure> Erase(string customer)
    {
        var total = 0;
        try
        {
            while (total < MaxErased)
            {
                var erased = await store.EraseHistoryAsync(new CustomerAddress(Workspace, customer), ErasedAtOnce);
                total += erased;
                if (erased < ErasedAtOnce)
                {
                    return new HistoryErasure(total, HasMore: false);
                }
            }

            return new HistoryErasure(total, HasMore: true);
        }
        catch (IOException exception)
        {
            return new HistoryErasure(total, HasMore: true, exception.Message);
        }
    }

    private async Task<ProofReport> VerifyAsync(string workspace, DateTimeOffset from, DateTimeOffset? to)
    {
        var notes = await store.ReadNotesAsync(workspace);
        var overhang = HistoryProof.Overhang(notes);
        var now = time.GetUtcNow();
        var settled = now - overhang - _slack;
        var end = to ?? settled;
        var proof = new HistoryProof(notes, from, end, settled);
        var first = HistoryId.FirstAt(from);
        for (long? before = HistoryId.FirstAt(end + overhang); before is { } below && below > first;)
        {
            var page = await store.ReadProofRowsAsync(workspace, first, below);
            foreach (var row in page.Rows)
            {
                proof.Add(row);
            }

            before = page.Next;
        }

        var report = proof.End();
        var violations = new List<ProofViolation>();
        foreach (var violation in report.Violations)
        {
            violations.Add(violation with { CustomerKey = await store.FindCustomerKeyAsync(workspace, violation.Customer) });
        }

        return report with { Violations = violations };
    }
}
