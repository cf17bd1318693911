using System.Runtime.CompilerServices;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Workspaces;

/// <summary>
/// Finds the customers that have work. All of them the first time; later, every half minute, those that got a call since: a hint that was lost
/// costs half a minute and no call. Beside that it pages through all customers that wait, slowly and for ever, and finds those that were
/// forgotten in any other way.
/// </summary>
internal sealed class WorkspaceSweep(IOutbox outbox, string workspace)
{
    /// <summary>The pause between two sweeps for new work.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>The pause between two pages of the slow sweep: a million waiting customers take a quarter of an hour.</summary>
    public static readonly TimeSpan PageEvery = TimeSpan.FromSeconds(1);

    /// <summary>How many pages are left out after the last one, so that a small outbox is not read all the time.</summary>
    public const int PagesOfRest = 10;

    private const int PageSize = 1000;

    private long? _position;
    private long? _nextSlow;
    private int _pagesToRest;
    private HashSet<string>? _suspects;

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

    /// <summary>
    /// Looks at the next page of the slow sweep. A customer of whom nobody knows is looked at twice, a second apart: it may have been
    /// delivered while the page was read.
    /// </summary>
    /// <param name="isKnown">Whether the workspace knows that a customer has work.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The customers that were forgotten; none while it rests, and until the first sweep has ended.</returns>
    public async ValueTask<IReadOnlyList<CustomerHead>> FindForgottenAsync(Func<string, bool> isKnown, CancellationToken cancellation)
    {
        if (_position is null || _pagesToRest-- > 0)
        {
            return [];
        }

        // It also rests where the reading fails.
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
