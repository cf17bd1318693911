using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

internal sealed partial class CustomerGrain
{
    // Only customers whose calls have keys need one.
    private RepeatFilter? _repeats;

    private RepeatFilter Repeats => _repeats ??= new RepeatFilter(_queue, _context.Settings.Deduplication.SdkRetryWindow, _context.Time);

    /// <inheritdoc/>
    public async ValueTask<bool> IsDuplicate(Call call)
    {
        if (!MayRepeat(call) || await Repeats.EarlierResultAsync(call) is not { IsAccepted: true })
        {
            return false;
        }

        _context.Metrics.Duplicate(call.LimitClass, call.Kind);
        return true;
    }

    private ValueTask<AcceptResult> AppendOnceAsync(Call call, AcceptDeadline deadline) =>
        MayRepeat(call) ? AppendKeyedAsync(call, deadline) : AppendAsync(call, deadline, replaces: null);

    private async ValueTask<AcceptResult> AppendKeyedAsync(Call call, AcceptDeadline deadline)
    {
        var (result, isRepeat) = await Repeats.AppendOnceAsync(call, keyed => AppendAsync(keyed, deadline, replaces: null));
        if (isRepeat)
        {
            _context.Metrics.Duplicate(call.LimitClass, call.Kind);
        }

        return result;
    }

    private bool MayRepeat(Call call) => call.Notes.HasKeys && _context.Settings.Deduplication.Enabled;

    private void RememberKeys(CustomerQueue loaded)
    {
        foreach (var row in loaded.Rows)
        {
            if (MayRepeat(row.Call))
            {
                Repeats.Remember(row.Call);
            }
        }
    }
}
