using System.Runtime.CompilerServices;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Importing;

/// <summary>
/// Takes the people of an import, many at once, and tells what became of each, in their order. Two rows of one person keep theirs.
/// </summary>
/// <param name="accept">Stores a call of a customer. Does not throw.</param>
/// <param name="pace">Asked before each person; null to be as fast as storage is.</param>
/// <param name="count">Told what became of each.</param>
/// <param name="time">Times the repeats.</param>
internal sealed class ImportPipeline(Func<string, Call, ValueTask<AcceptResult>> accept, ImportPace? pace, Action<ImportCounts> count, TimeProvider time)
{
    /// <summary>So many at once share a commit; more would not make it faster, and have a refusal concern more of them.</summary>
    private const int AtOnce = 256;

    /// <summary>A call that cannot be stored is tried again for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);
    private readonly Queue<(string? Customer, Task<ImportResult> Result)> _underWay = new();

    // Set once storage is given up: what is under way is told, and no more is read.
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

                // Whoever waits for the next line must have been told of all before it.
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
            // A source must not be left while it is being asked.
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
