using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Recognises a call that repeats an earlier one by its keys. A repeat is acknowledged and not queued again. The filter knows the keys of the calls in the
/// queue's window, of the last accepted calls, and of the calls that are being stored. A repeat of a call that is being stored waits for the result of the first:
/// it must not be acknowledged before the first is safe, nor be queued beside it. Not thread-safe.
/// </summary>
internal sealed class RepeatFilter(CallQueue queue, TimeSpan sdkRetryWindow, TimeProvider time)
{
    private static readonly AcceptResult.Unavailable _notStored = new("The call could not be stored. Try again.", TimeSpan.FromSeconds(1));

    private readonly KnownKeys _known = new();

    /// <summary>Appends a call unless it is a repeat.</summary>
    /// <param name="call">The call, which has keys.</param>
    /// <param name="append">Appends the call. Starts before this method's first await if no earlier call is being stored, so that calls keep their order.</param>
    /// <returns>The result, and whether the call is a repeat of an accepted one.</returns>
    public async ValueTask<(AcceptResult Result, bool IsRepeat)> AppendOnceAsync(Call call, Func<Call, ValueTask<AcceptResult>> append)
    {
        var earlier = EarlierResultAsync(call);
        if ((earlier.IsCompletedSuccessfully ? earlier.Result : await earlier) is { } result)
        {
            return result.IsAccepted ? (AcceptResult.Duplicate.Instance, true) : (result, false);
        }

        // No await lies between the look at the known keys and here, so the second of two equal keys finds the first.
        var pending = new TaskCompletionSource<AcceptResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var (_, key) in call.Notes.Keys)
        {
            _known.Begin(key, pending.Task);
        }

        AcceptResult appended = _notStored;
        try
        {
            appended = await append(call);
        }
        finally
        {
            End(call, pending.Task, appended.IsAccepted);
            pending.SetResult(appended);
        }

        return (appended, false);
    }

    /// <summary>The result of the earlier call that this one repeats; null if there is none.</summary>
    public ValueTask<AcceptResult?> EarlierResultAsync(Call call)
    {
        foreach (var (note, key) in call.Notes.Keys)
        {
            if (note == CallNote.Request)
            {
                continue;
            }

            if (_known.Pending(key) is { } pending)
            {
                return new ValueTask<AcceptResult?>(pending!);
            }

            var since = note == CallNote.RepeatedRequest ? time.GetUtcNow() - sdkRetryWindow : DateTimeOffset.MinValue;
            if (_known.IsKnown(key, since) || IsWaiting(key, since))
            {
                return new ValueTask<AcceptResult?>(AcceptResult.Duplicate.Instance);
            }
        }

        return default;
    }

    /// <summary>Remembers the keys of a stored call. They are known after the call was delivered, also after a restart while it waited.</summary>
    public void Remember(Call call)
    {
        foreach (var (_, key) in call.Notes.Keys)
        {
            if (!_known.IsKnown(key, DateTimeOffset.MinValue))
            {
                _known.Remember(key, call.AcceptedAt);
            }
        }
    }

    private bool IsWaiting(DuplicateKey key, DateTimeOffset since) =>
        queue.Find(waiting => waiting.AcceptedAt >= since && waiting.Notes.Contains(key)) is not null;

    private void End(Call call, Task<AcceptResult> pending, bool isAccepted)
    {
        foreach (var (_, key) in call.Notes.Keys)
        {
            _known.End(key, pending);
            if (isAccepted)
            {
                _known.Remember(key, call.AcceptedAt);
            }
        }
    }
}
