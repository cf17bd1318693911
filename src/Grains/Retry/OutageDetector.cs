namespace CioOrleans.Grains.Retry;

/// <summary>
/// Decides from the recent outcomes of all customers whether a failure is a fault of one call or of the host. It keeps the last <see cref="Size"/> outcomes
/// that are not older than <see cref="Memory"/>.
/// </summary>
public sealed class OutageDetector
{
    /// <summary>The age at which outcomes are forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    /// <summary>The maximum number of outcomes.</summary>
    public const int Size = 256;

    /// <summary>The number of failures in a row, of at least <see cref="Customers"/> customers, that are an outage.</summary>
    public const int FailuresInARow = 5;

    /// <summary>The minimum number of failing customers in an outage. Fewer customers may each have a call that always fails.</summary>
    public const int Customers = 3;

    /// <summary>The number of known outcomes from which on an outage is also found when half of them are failures.</summary>
    public const int EnoughToCompare = 20;

    private readonly Entry[] _entries = new Entry[Size];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _first;
    private int _count;
    private int _failures;

    public void Record(string customer, bool succeeded, TimeSpan now)
    {
        Forget(now);
        if (_count == Size)
        {
            RemoveFirst();
        }

        _entries[Slot(_count++)] = new Entry(customer, succeeded, now);
        _failures += succeeded ? 0 : 1;
    }

    /// <summary>
    /// Whether a failure of <paramref name="customer"/> is the fault of its call: another customer's call succeeded after <paramref name="since"/>, and the
    /// latest outcome of most other customers is a success. Each customer has one vote, so that the repeats of a call that always fails do not count as
    /// evidence against the host.
    /// </summary>
    /// <param name="customer">The customer whose call failed.</param>
    /// <param name="since">
    /// When the call failed before; for its first attempt, when that began. An older success proves nothing, because an outage may have begun since. So an
    /// outage rarely costs a call an attempt, and never two.
    /// </param>
    /// <param name="now">The caller's monotonic clock.</param>
    public bool IsOwnFault(string customer, TimeSpan since, TimeSpan now)
    {
        Forget(now);
        int successes = 0, failures = 0;
        var isProven = false;
        _seen.Clear();
        _seen.Add(customer);
        for (var i = _count - 1; i >= 0; i--)
        {
            ref var entry = ref _entries[Slot(i)];
            isProven |= entry.Succeeded && entry.At >= since && !IsSame(entry.Customer, customer);
            if (_seen.Add(entry.Customer))
            {
                successes += entry.Succeeded ? 1 : 0;
                failures += entry.Succeeded ? 0 : 1;
            }
        }

        return isProven && failures < successes;
    }

    /// <summary>Whether the host fails for all calls.</summary>
    public bool IsOutage(TimeSpan now)
    {
        Forget(now);
        return (_count >= EnoughToCompare && _failures * 2 >= _count && FailedCustomers(untilSuccess: false).Customers >= Customers)
            || (_failures >= FailuresInARow && FailedCustomers(untilSuccess: true) is { Failures: >= FailuresInARow, Customers: >= Customers });
    }

    /// <summary>Forgets all outcomes. Outcomes from before an outage say nothing about the time after it.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        _first = _count = _failures = 0;
    }

    /// <summary>Counts failures from the latest outcome back, and the different customers among them (up to <see cref="Customers"/>).</summary>
    private (int Failures, int Customers) FailedCustomers(bool untilSuccess)
    {
        string? one = null, two = null;
        int failures = 0, customers = 0;
        for (var i = _count - 1; i >= 0 && (customers < Customers || failures < FailuresInARow); i--)
        {
            ref var entry = ref _entries[Slot(i)];
            if (entry.Succeeded)
            {
                if (untilSuccess)
                {
                    break;
                }

                continue;
            }

            failures++;
            if (customers < Customers && !IsSame(entry.Customer, one) && !IsSame(entry.Customer, two))
            {
                customers++;
                two = one;
                one = entry.Customer;
            }
        }

        return (failures, customers);
    }

    private void Forget(TimeSpan now)
    {
        while (_count > 0 && now - _entries[_first].At > Memory)
        {
            RemoveFirst();
        }
    }

    private void RemoveFirst()
    {
        _failures -= _entries[_first].Succeeded ? 0 : 1;
        _entries[_first] = default;
        _first = Slot(1);
        _count--;
    }

    private int Slot(int place) => (_first + place) % Size;

    private static bool IsSame(string one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    private record struct Entry(string Customer, bool Succeeded, TimeSpan At);
}
