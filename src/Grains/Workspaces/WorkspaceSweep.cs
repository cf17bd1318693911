using System.Runtime.CompilerServices;
using CioOrleans.Outbox;

namespace CioOrleans.Workspaces;

/// <summary>
/// Finds the customers that have work: all of them the first time, later those that got a call since. A hint that was lost
/// costs half a minute and no call.
/// </summary>
internal sealed class WorkspaceSweep(IOutbox outbox, string workspace)
{
    /// <summary>The pause between two sweeps.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private const int PageSize = 1000;

    private long? _position;

    public async IAsyncEnumerable<CustomerHead> NextAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // What is appended while the pages are read is found by the next sweep: it starts from where the first page stood.
        var position = _position;
        long? next = null;
        long? reached = null;
        do
        {
            var page = position is { } since
                ? await outbox.ReadNewWorkAsync(workspace, next ?? since, PageSize, cancellation)
                : await outbox.ReadHeadsAsync(workspace, next, PageSize, cancellation);
            reached ??= page.Position;
            foreach (var head in page.Heads)
            {
                yield return head;
            }

            next = page.Next;
        }
        while (next is not null);

        _position = reached;
    }
}
