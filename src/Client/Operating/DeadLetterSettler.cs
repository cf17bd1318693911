using CioOrleans.Customers;
using CioOrleans.Workspaces;

namespace CioOrleans.Client.Operating;

/// <summary>Replays or discards the dead letters that a selection matches, in slices.</summary>
public sealed class DeadLetterSettler(IGrainFactory grains, AcceptDeadlines deadlines, TimeProvider time)
{
    private const int Page = 256;
    private const int CustomersAtOnce = 16;

    /// <summary>Puts the dead letters that match at the ends of their customers' queues, the oldest call first. Those of one customer keep their order.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="selection">Selects the dead letters.</param>
    /// <param name="after">From <see cref="SettledLetters.Next"/>; null for the first slice.</param>
    public Task<SettledLetters> ReplayAsync(string workspace, DeadLetterSelection selection, Ulid? after) => SettleAsync(workspace, selection, after, ReplayPageAsync);

    /// <summary>Discards the dead letters that match, for good.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="selection">Selects the dead letters.</param>
    /// <param name="after">From <see cref="SettledLetters.Next"/>; null for the first slice.</param>
    public Task<SettledLetters> DiscardAsync(string workspace, DeadLetterSelection selection, Ulid? after) => SettleAsync(workspace, selection, after, DiscardPageAsync);

    private Task<SettledLetters> SettleAsync(
        string workspace, DeadLetterSelection selection, Ulid? after, Func<string, IReadOnlyList<SelectedDeadLetter>, Task<(long Done, string? Problem)>> settle) =>
        new OperatorPatience(time).RepeatAsync(
            new SettledLetters(0, 0, 0, after, null),
            async total =>
            {
                var page = await grains.GetGrain<IDeadLetterGrain>(workspace).Select(selection, total.Next, Page);
                var (done, problem) = await settle(workspace, page.DeadLetters);
                return new SettledLetters(
                    total.Matched + page.DeadLetters.Count,
                    total.Done + done,
                    total.OutcomeUnknown + page.DeadLetters.Count(letter => letter.IsOutcomeUnknown),

                    // After a problem the page is repeated: what was done in it is no dead letter any more.
                    problem is null ? page.Next : total.Next ?? default(Ulid),
                    problem);
            },
            total => total is { Next: null } or { Problem: not null });

    private async Task<(long Done, string? Problem)> ReplayPageAsync(string workspace, IReadOnlyList<SelectedDeadLetter> page)
    {
        var done = 0L;

        // A send that may have been sent is replayed only by its id: whether it may be sent twice is decided for each message.
        foreach (var customers in page.Where(letter => !letter.IsOutcomeUnknown).GroupBy(letter => letter.Customer, StringComparer.Ordinal).Chunk(CustomersAtOnce))
        {
            var results = await Task.WhenAll(customers.Select(letters => ReplayInOrderAsync(workspace, [.. letters.Select(letter => letter.Id)])));
            done += results.Sum(result => result.Replayed);
            if (results.Select(result => result.Problem).FirstOrDefault(problem => problem is not null) is { } problem)
            {
                return (done, problem);
            }
        }

        return (done, null);
    }

    private async Task<(int Replayed, string? Problem)> ReplayInOrderAsync(string workspace, IReadOnlyList<Ulid> ids)
    {
        var replayed = 0;
        foreach (var id in ids)
        {
            switch (await DeadLetterReplay.RunAsync(grains, deadlines, workspace, id))
            {
                case ReplayResult.Replayed:
                    replayed++;
                    break;
                case ReplayResult.Unavailable unavailable:
                    return (replayed, unavailable.Reason);
            }
        }

        return (replayed, null);
    }

    private async Task<(long Done, string? Problem)> DiscardPageAsync(string workspace, IReadOnlyList<SelectedDeadLetter> page) =>
        (page.Count == 0 ? 0 : await grains.GetGrain<IDeadLetterGrain>(workspace).DiscardMany([.. page.Select(letter => letter.Id)]), null);
}

/// <summary>What one slice has settled.</summary>
/// <param name="Matched">Dead letters that matched.</param>
/// <param name="Done">Dead letters that were replayed, or discarded.</param>
/// <param name="OutcomeUnknown">Sends that matched and whose message may have been sent. They are discarded with the others, and are not replayed.</param>
/// <param name="Next">Where the next slice starts; null if all dead letters were looked at.</param>
/// <param name="Problem">Why the slice ended early; null if nothing was wrong.</param>
public sealed record SettledLetters(long Matched, long Done, long OutcomeUnknown, Ulid? Next, string? Problem);
