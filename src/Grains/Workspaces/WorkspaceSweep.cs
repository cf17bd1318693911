using System.Runtime.CompilerServices;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Workspaces;

/// <summary>
/// Finds the customers that have work, because hints may be lost. The first sweep finds all of them; later ones, every half minute, find those that got a
/// call since. A slow sweep pages through all waiting customers without end, and finds those that the workspace has forgotten for any other reason.
/// </summary>
internal sealed class WorkspaceSweep(IOutbox outbox, string workspace)
{
    /// <summary>The pause between two sweeps for new work.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>The pause between two pages of the slow sweep: it reads a million waiting customers in a quarter of an hour.</summary>
    public static readonly TimeSpan PageEvery = TimeSpan.FromSeconds(1);

    /// <summary>How many pauses follow the last page, so that a small outbox is not read all the time.</summary>
    public const int PagesOfRest = 10;

    private const int PageSize = 1000;

    /// <summary>Most calls of a busy workspace belong to customers of earlier pages, which are left out, so a page of many rows has few customers.</summary>
    private const int NewWorkPageSize = 5000;

    private long? _position;
    private long? _nextSlow;
    private int _pagesToRest;
    private HashSet<string>? _suspects;

    public async IAsyncEnumerable<CustomerHead> NextAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // The next sweep starts at the position of the first page, so it finds calls that are appended while this one reads.
        var position = _position;
        long? next = null;
        long? reached = null;
        HashSet<long> seen = [];
        do
        {
            var page = position is { } since
                ? await outbox.ReadNewWorkAsync(workspace, next ?? since, NewWorkPageSize, seen, cancellation)
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

    /// <summary>
    /// Reads the next page of the slow sweep. A customer that the workspace does not know is read twice, a second apart: its calls may have been delivered
    /// during the first read.
    /// </summary>
    /// <param name="isKnown">Whether the workspace knows that a customer has work.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The forgotten customers; none during a pause and before the first sweep has ended.</returns>
    public async ValueTask<IReadOnlyList<CustomerHead>> FindForgottenAsync(Func<string, bool> isKnown, CancellationToken cancellation)
    {
        if (_position is null || _pagesToRest-- > 0)
        {
            return [];
        }

        // Set before the read, so that a read that fails is followed by a pause too.
        _pagesToRest = PagesOfRest;
        var page = await outbox.ReadHeadsAsync(workspace, _nextSlow, PageSize, cancellation);
        var unknown = page.Heads.Where(head => !isKnown(head.Customer)).ToList();
        if (unknown.Count > 0 && _suspects is null)
        {
            _suspects = unknown.Select(head => head.Customer).ToHashSet(StringComparer.Ordinal);
            _pagesToRest = 0;
            return [];
        }

        var forgotten = unknown.FindAll(head => _suspects!.Contains(head.Customer));
        _suspects = null;
        _nextSlow = page.Next;
        _pagesToRest = page.Next is null ? PagesOfRest : 0;
        return forgotten;
    }
}
