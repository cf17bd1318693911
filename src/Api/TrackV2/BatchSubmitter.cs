using System.Runtime.InteropServices;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.TrackV2;

/// <summary>
/// Passes the operations of one request to their customers' grains: those of one customer in order, those of different customers in parallel. A merge
/// concerns two customers, so it waits for all operations before it, and all operations after it wait for the merge.
/// </summary>
internal sealed class BatchSubmitter(ICallSink sink)
{
    /// <summary>
    /// Returns null once every operation is on stable storage; otherwise why one is not. Then no later merge, and nothing after that merge, was passed to
    /// a grain.
    /// </summary>
    public async ValueTask<AcceptResult.NotAccepted?> AcceptAsync(string workspace, IReadOnlyList<AcceptedOperation> operations)
    {
        if (operations.Count == 1)
        {
            return await sink.AcceptAsync(workspace, operations[0].Customer, operations[0].Call) as AcceptResult.NotAccepted;
        }

        var start = 0;
        while (start < operations.Count)
        {
            var end = start;
            while (end < operations.Count && operations[end].Call.Kind != CallKind.Merge)
            {
                end++;
            }

            if (await AcceptRunAsync(workspace, operations, start, end) is { } unavailable)
            {
                return unavailable;
            }

            if (end < operations.Count && await sink.AcceptAsync(workspace, operations[end].Customer, operations[end].Call) is AcceptResult.NotAccepted refused)
            {
                return refused;
            }

            start = end + 1;
        }

        return null;
    }

    private async ValueTask<AcceptResult.NotAccepted?> AcceptRunAsync(string workspace, IReadOnlyList<AcceptedOperation> operations, int start, int end)
    {
        if (start == end)
        {
            return null;
        }

        var queues = new Dictionary<string, List<Call>>(StringComparer.Ordinal);
        for (var i = start; i < end; i++)
        {
            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(queues, operations[i].Customer, out _);
            (queue ??= new List<Call>(1)).Add(operations[i].Call);
        }

        var accepts = new List<Task<AcceptResult.NotAccepted?>>(queues.Count);
        foreach (var (customer, calls) in queues)
        {
            accepts.Add(AcceptQueueAsync(workspace, customer, calls));
        }

        // Wait for all accepts, even if one has failed: the caller repeats the request after the answer, and must not repeat an accept that still runs.
        return (await Task.WhenAll(accepts)).FirstOrDefault(refusal => refusal is not null);
    }

    private async Task<AcceptResult.NotAccepted?> AcceptQueueAsync(string workspace, string customer, List<Call> calls)
    {
        if (calls.Count == 1)
        {
            return await sink.AcceptAsync(workspace, customer, calls[0]) as AcceptResult.NotAccepted;
        }

        return (await sink.AcceptManyAsync(workspace, customer, calls)).OfType<AcceptResult.NotAccepted>().FirstOrDefault();
    }
}
