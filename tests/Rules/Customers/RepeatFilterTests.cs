using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Customers;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Rules.Tests.Customers;

public sealed class RepeatFilterTests
{
    private static readonly AcceptResult.Unavailable _refused = new("The disk is full.", TimeSpan.FromSeconds(5));

    private readonly FakeTimeProvider _time = new();
    private readonly RepeatFilter _filter;
    private int _appended;

    public RepeatFilterTests() => _filter = new RepeatFilter(new CallQueue(new PayloadBudget(1_000), Guid.NewGuid()), TimeSpan.FromSeconds(30), _time);

    [Fact]
    public async Task A_repeat_of_an_accepted_call_is_not_appended()
    {
        Assert.Equal((AcceptResult.Accepted.Instance, false), await _filter.AppendOnceAsync(Keyed("a"), Accept));

        Assert.Equal((AcceptResult.Duplicate.Instance, true), await _filter.AppendOnceAsync(Keyed("a"), Accept));
        Assert.Equal(1, _appended);
    }

    [Fact]
    public async Task Another_key_is_another_call()
    {
        await _filter.AppendOnceAsync(Keyed("a"), Accept);

        Assert.Equal((AcceptResult.Accepted.Instance, false), await _filter.AppendOnceAsync(Keyed("b"), Accept));
        Assert.Equal(2, _appended);
    }

    [Fact]
    public async Task A_repeat_of_a_call_that_is_being_stored_waits_for_its_result()
    {
        var commit = new TaskCompletionSource<AcceptResult>();
        var first = _filter.AppendOnceAsync(Keyed("a"), _ => new ValueTask<AcceptResult>(commit.Task)).AsTask();
        var repeat = _filter.AppendOnceAsync(Keyed("a"), Accept).AsTask();

        Assert.False(repeat.IsCompleted);
        commit.SetResult(AcceptResult.Accepted.Instance);

        Assert.Equal((AcceptResult.Accepted.Instance, false), await first);
        Assert.Equal((AcceptResult.Duplicate.Instance, true), await repeat);
        Assert.Equal(0, _appended);
    }

    [Fact]
    public async Task A_repeat_of_a_call_that_is_not_stored_is_refused_with_it_and_a_later_one_is_appended()
    {
        var commit = new TaskCompletionSource<AcceptResult>();
        var first = _filter.AppendOnceAsync(Keyed("a"), _ => new ValueTask<AcceptResult>(commit.Task)).AsTask();
        var repeat = _filter.AppendOnceAsync(Keyed("a"), Accept).AsTask();
        commit.SetResult(_refused);

        Assert.Equal((_refused, false), await first);
        Assert.Equal((_refused, false), await repeat);
        Assert.Equal((AcceptResult.Accepted.Instance, false), await _filter.AppendOnceAsync(Keyed("a"), Accept));
    }

    [Fact]
    public async Task An_append_that_throws_is_no_accept()
    {
        await Assert.ThrowsAsync<IOException>(async () => await _filter.AppendOnceAsync(Keyed("a"), _ => throw new IOException()));

        Assert.Equal((AcceptResult.Accepted.Instance, false), await _filter.AppendOnceAsync(Keyed("a"), Accept));
    }

    [Fact]
    public async Task A_loaded_call_is_remembered()
    {
        _filter.Remember(Keyed("a"));

        Assert.Equal((AcceptResult.Duplicate.Instance, true), await _filter.AppendOnceAsync(Keyed("a"), Accept));
    }

    private ValueTask<AcceptResult> Accept(Call call)
    {
        _appended++;
        return ValueTask.FromResult<AcceptResult>(AcceptResult.Accepted.Instance);
    }

    private Call Keyed(string key) => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Event,
        LimitClass = LimitClass.Track,
        Method = "POST",
        Target = "/",
        Headers = [],
        Body = [],
        AcceptedAt = _time.GetUtcNow(),
        Notes = new CallNotes { Keys = [new NotedKey(CallNote.Key, DuplicateKey.OfIdempotencyKey(key))] },
    };
}
