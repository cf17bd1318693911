using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// A call whose key is known is acknowledged and not queued again. Known are the keys of what stands in the window, of the last that were
/// accepted here, and of what is being stored: a repeat of that waits for the same fate, for it must not be acknowledged before the first
/// is safe, nor be queued beside it.
/// </summary>
internal sealed partial class CustomerGrain
{
    private KnownKeys? _known;

    public async ValueTask<bool> IsDuplicate(Call call)
    {
        if (!MayRepeat(call) || await EarlierResultAsync(call) is not { IsAccepted: true })
        {
            return false;
        }

        _context.Metrics.Duplicate(call.LimitClass, call.Kind);
        return true;
    }

    private ValueTask<AcceptResult> AppendOnceAsync(Call call, AcceptDeadline deadline) =>
        MayRepeat(call) ? AppendKeyedAsync(call, deadline) : AppendAsync(call, deadline, replaces: null);

    private bool MayRepeat(Call call) => call.Notes.HasKeys && _context.Settings.Deduplication.Enabled;

    private async ValueTask<AcceptResult> AppendKeyedAsync(Call call, AcceptDeadline deadline)
    {
        var earlier = EarlierResultAsync(call);
        if ((earlier.IsCompletedSuccessfully ? earlier.Result : await earlier) is { } result)
        {
            return result.IsAccepted ? Duplicate(call) : result;
        }

        // No await lies between the look at what is known and here: of two equal keys the second finds the first. And a call that
        // waits for nothing gets its sequence before anything else runs, so that calls keep their order.
        var fate = new TaskCompletionSource<AcceptResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Begin(call, fate.Task);
        AcceptResult outcome = new AcceptResult.Unavailable("The call could not be stored. Try again.", _outboxRetry);
        try
        {
            outcome = await AppendAsync(call, deadline, replaces: null);
        }
        finally
        {
            End(call, fate.Task, outcome.IsAccepted);
            fate.SetResult(outcome);
        }

        return outcome;
    }

    /// <summary>What became of an earlier call that this one repeats; null where there is none.</summary>
    private ValueTask<AcceptResult?> EarlierResultAsync(Call call)
    {
        foreach (var (note, key) in call.Notes.Keys)
        {
            if (note == CallNote.Request)
            {
                continue;
            }

            if (_known?.Fate(key) is { } fate)
            {
                return new ValueTask<AcceptResult?>(fate!);
            }

            var since = note == CallNote.RepeatedRequest ? _context.Time.GetUtcNow() - _context.Settings.Deduplication.SdkRetryWindow : DateTimeOffset.MinValue;
            if (_known?.IsKnown(key, since) == true || IsWaiting(key, since))
            {
                return new ValueTask<AcceptResult?>(AcceptResult.Duplicate.Instance);
            }
        }

        return default;
    }

    private bool IsWaiting(DuplicateKey key, DateTimeOffset since) =>
        _queue.Find(waiting => waiting.AcceptedAt >= since && waiting.Notes.Contains(key)) is not null;

    private AcceptResult.Duplicate Duplicate(Call call)
    {
        _context.Metrics.Duplicate(call.LimitClass, call.Kind);
        return AcceptResult.Duplicate.Instance;
    }

    private void Begin(Call call, Task<AcceptResult> fate)
    {
        _known ??= new KnownKeys();
        foreach (var (_, key) in call.Notes.Keys)
        {
            _known.Begin(key, fate);
        }
    }

    private void End(Call call, Task<AcceptResult> fate, bool isAccepted)
    {
        foreach (var (_, key) in call.Notes.Keys)
        {
            _known!.End(key, fate);
            if (isAccepted)
            {
                _known.Remember(key, call.AcceptedAt);
            }
        }
    }

    /// <summary>Keys outlive a restart with the calls that wait: once those are delivered, their keys are known here.</summary>
    private void RememberKeys(CustomerQueue loaded)
    {
        foreach (var row in loaded.Rows)
        {
            if (!MayRepeat(row.Call))
            {
                continue;
            }

            _known ??= new KnownKeys();
            foreach (var (_, key) in row.Call.Notes.Keys)
            {
                if (!_known.IsKnown(key, DateTimeOffset.MinValue))
                {
                    _known.Remember(key, row.Call.AcceptedAt);
                }
            }
        }
    }
}
