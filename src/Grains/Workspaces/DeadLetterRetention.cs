using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Workspaces;

/// <summary>Deletes a workspace's dead letters once they are old, where the settings say so. A dead letter that holds its customer's queue stays.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="workspace">The name of the workspace.</param>
/// <param name="keep">How long they are kept after they died; null for ever.</param>
/// <param name="time">The clock.</param>
internal sealed class DeadLetterRetention(IDeadLetterStore store, string workspace, TimeSpan? keep, TimeProvider time)
{
    /// <summary>It looks for old ones this often: every 10 minutes.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>One call deletes about as many: its caller has other work. The next call goes on.</summary>
    public const int MostAtOnce = 5_000;

    private const int Page = 100;

    private DateTimeOffset _nextAt = DateTimeOffset.MinValue;

    /// <summary>Deletes what is due, <see cref="MostAtOnce"/> at most. Returns how many letters were deleted.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (keep is not { } kept || now < _nextAt)
        {
            return 0;
        }

        var (before, deleted) = (now - kept, 0);
        Ulid? after = null;
        do
        {
            var page = await store.ReadDeadLettersAsync(workspace, after, Page, cancellation);

            // Oldest call first. A call died after it was accepted, and its id tells when that was.
            var old = page.DeadLetters.Where(letter => letter.Call.Id.Time < before).ToArray();
            var discards = await Task.WhenAll(old.Where(letter => letter.DiedAt < before && !letter.IsHeld).Select(letter => store.DiscardDeadLetterAsync(workspace, letter.Call.Id, cancellation).AsTask()));
            deleted += discards.Count(wasThere => wasThere);
            if (deleted >= MostAtOnce)
            {
                return deleted;
            }

            after = old.Length == page.DeadLetters.Count ? page.Next : null;
        }
        while (after is not null);

        _nextAt = now + Every;
        return deleted;
    }
}
