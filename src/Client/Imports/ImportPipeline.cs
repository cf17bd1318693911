using System.Runtime.CompilerServices;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Imports;

namespace CioOrleans.Client.Imports;

/// <summary>Accepts the people of an import, many at a time, and returns their results in order. Two rows of one person stay in order.</summary>
/// <param name="accept">Stores a call of a customer. Does not throw.</param>
/// <param name="pace">Called before each person; null for no limit but the speed of the storage.</param>
/// <param name="count">Called with what each person adds to the counts.</param>
/// <param name="time">Times the repeats.</param>
internal sealed class ImportPipeline(Func<string, Call, ValueTask<AcceptResult>> accept, ImportPace? pace, Action<ImportCounts> count, TimeProvider time)
{
    /// <summary>
    /// The number of people that are accepted at the same time and so share commits. A higher number would not be faster, and would let one refusal affect more
    /// people.
    /// </summary>
    private const int AtOnce = 256;

    /// <summary>The time limit for repeating a call that cannot be stored.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);
    private readonly Queue<(string? Customer, Task<ImportResult> Result)> _underWay = new();

    // Set when a call could not be stored in time. Then the results of the people in progress are returned, and no more are read.
    private volatile bool _isOver;

    public async IAsyncEnumerable<ImportResult> RunAsync(IAsyncEnumerable<ImportCalls> people, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var row = 0L;
        var source = people.GetAsyncEnumerator(cancellation);
        Task<bool>? next = null;
        try
        {
            while (!_isOver)
            {
                next = source.MoveNextAsync().AsTask();

                // A caller that waits before it sends the next line must already have the results of all lines before it.
                while (_underWay.Count >= AtOnce || (_underWay.Count > 0 && !next.IsCompleted))
                {
                    yield return await FirstAsync();
                }

                if (!await next)
                {
                    break;
                }

                if (pace is not null && source.Current is ImportCalls.Valid valid)
                {
                    await pace.WaitAsync(valid.Calls.Count, cancellation);
                }

                Start(++row, source.Current, cancellation);
            }

            while (_underWay.Count > 0)
            {
                yield return await FirstAsync();
            }
        }
        finally
        {
            // An enumerator must not be disposed while MoveNextAsync runs.
            if (next is not null)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await source.DisposeAsync();
        }
    }

    private void Start(long row, ImportCalls person, CancellationToken cancellation)
    {
        if (person is not ImportCalls.Valid valid)
        {
            count(new ImportCounts(0, 1, 0, 0, 0));
            _underWay.Enqueue((null, Task.FromResult<ImportResult>(new ImportResult.Invalid(row, ((ImportCalls.Invalid)person).Error))));
            return;
        }

        var before = _last.GetValueOrDefault(valid.Customer);
        var result = AcceptAsync(row, valid, before, cancellation);
        _last[valid.Customer] = result;
        _underWay.Enqueue((valid.Customer, result));
    }

    private async Task<ImportResult> FirstAsync()
    {
        var (customer, result) = _underWay.Dequeue();
        try
        {
            return await result;
        }
        finally
        {
            if (customer is not null && _last.GetValueOrDefault(customer) == result)
            {
                _last.Remove(customer);
            }
        }
    }

    private async Task<ImportResult> AcceptAsync(long row, ImportCalls.Valid person, Task? before, CancellationToken cancellation)
    {
        if (before is not null)
        {
            await before;
        }

        foreach (var call in person.Calls)
        {
            if (await AcceptAsync(person.Customer, call, cancellation) is { } unavailable)
            {
                return new ImportResult.Unavailable(row, unavailable.Reason, unavailable.RetryAfter);
            }

            count(new ImportCounts(0, 0, 1, 0, 0));
        }

        count(new ImportCounts(1, 0, 0, 0, 0));
        return new ImportResult.Accepted(row);
    }

    private async Task<AcceptResult.NotAccepted?> AcceptAsync(string customer, Call call, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (await accept(customer, call) is AcceptResult.NotAccepted unavailable)
        {
            if (_isOver || time.GetElapsedTime(began) + unavailable.RetryAfter > Patience)
            {
                _isOver = true;
                return unavailable;
            }

            await Task.Delay(unavailable.RetryAfter, time, cancellation);
        }

        return null;
    }
}
