using CioOrleans.Calls;
using CioOrleans.Client.Imports;
using CioOrleans.Customers;
using CioOrleans.Imports;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Rules.Tests.Imports;

public sealed class ImportPipelineTests
{
    private static readonly AcceptResult _accepted = AcceptResult.Accepted.Instance;

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _calls = [];
    private ImportCounts _counts;
    private Func<string, ValueTask<AcceptResult>> _accept = _ => ValueTask.FromResult(_accepted);

    [Fact]
    public async Task Everybody_gets_a_result_in_order()
    {
        var results = await RunAsync(Person("a"), new ImportCalls.Invalid("no name"), Person("b", calls: 2));

        Assert.Equal([new ImportResult.Accepted(1), new ImportResult.Invalid(2, "no name"), new ImportResult.Accepted(3)], results);
        Assert.Equal(new ImportCounts(Accepted: 2, Refused: 1, Calls: 3, 0, 0), _counts);
    }

    [Fact]
    public async Task Two_rows_of_one_person_are_handed_over_one_after_the_other()
    {
        var first = new TaskCompletionSource<AcceptResult>();
        _accept = customer => customer == "a" && _calls.Count == 1 ? new ValueTask<AcceptResult>(first.Task) : ValueTask.FromResult(_accepted);

        var results = RunAsync(Person("a"), Person("b"), Person("a"));
        Assert.Equal(["a", "b"], _calls);

        first.SetResult(_accepted);
        Assert.Equal(3, (await results).Count);
        Assert.Equal(["a", "b", "a"], _calls);
    }

    [Fact]
    public async Task Whoever_sends_line_by_line_gets_each_result_before_the_next_line()
    {
        var asked = new List<int>();
        async IAsyncEnumerable<ImportCalls> Lines()
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                asked.Add(_calls.Count);
                yield return Person($"{i}");
            }
        }

        var results = new List<ImportResult>();
        await foreach (var result in Pipeline().RunAsync(Lines()))
        {
            results.Add(result);
        }

        Assert.Equal([0, 1, 2], asked);
        Assert.Equal(3, results.Count);
    }

    [Fact]
    public async Task What_cannot_be_stored_for_a_moment_is_tried_again()
    {
        _accept = _ => ValueTask.FromResult(_calls.Count < 3 ? new AcceptResult.Unavailable("full", TimeSpan.FromSeconds(1)) : _accepted);

        var results = RunAsync(Person("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([new ImportResult.Accepted(1)], await results);
        Assert.Equal(3, _calls.Count);
    }

    [Fact]
    public async Task Where_storage_stays_away_it_ends_and_reads_no_further()
    {
        _accept = _ => ValueTask.FromResult<AcceptResult>(new AcceptResult.Unavailable("full", ImportPipeline.Patience + TimeSpan.FromSeconds(1)));
        var read = 0;
        async IAsyncEnumerable<ImportCalls> Lines()
        {
            for (; read < 10; read++)
            {
                yield return Person($"{read}");
                await Task.CompletedTask;
            }
        }

        var results = new List<ImportResult>();
        await foreach (var result in Pipeline().RunAsync(Lines()))
        {
            results.Add(result);
        }

        Assert.Equal([new ImportResult.Unavailable(1, "full", ImportPipeline.Patience + TimeSpan.FromSeconds(1))], results);
        Assert.Equal(0, read);
        Assert.Equal(default, _counts);
    }

    private ImportPipeline Pipeline() => new(
        (customer, _) =>
        {
            _calls.Add(customer);
            return _accept(customer);
        },
        pace: null,
        counts => _counts += counts,
        _time);

    private async Task<List<ImportResult>> RunAsync(params ImportCalls[] people)
    {
        var results = new List<ImportResult>();
        await foreach (var result in Pipeline().RunAsync(people.ToAsyncEnumerable()))
        {
            results.Add(result);
        }

        return results;
    }

    private static ImportCalls.Valid Person(string customer, int calls = 1) => new(customer, [.. Enumerable.Range(0, calls).Select(_ => new Call
    {
        Id = Ulid.NewUlid(DateTimeOffset.UnixEpoch),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Batch,
        Method = "POST",
        Target = "/",
        Headers = [],
        Body = [],
        AcceptedAt = DateTimeOffset.UnixEpoch,
    })]);
}
