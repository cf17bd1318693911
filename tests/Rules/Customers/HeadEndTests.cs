using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Rules.Tests.Customers;

public sealed class HeadEndTests
{
    private static readonly WriteResult.Unavailable _away = new("the database is away");

    private readonly HeadEnd _end = new();
    private int _stored;

    [Fact]
    public async Task An_end_is_unstored_until_its_write_succeeds()
    {
        WriteResult result = _away;
        _end.Decide(() => ValueTask.FromResult(result));

        Assert.Equal(_away, await _end.StoreAsync(OnStored));
        Assert.True(_end.IsUnstored);
        Assert.Equal(0, _stored);

        result = WriteResult.Written.Instance;
        Assert.Null(await _end.StoreAsync(OnStored));
        Assert.False(_end.IsUnstored);
        Assert.Equal(1, _stored);
    }

    [Fact]
    public async Task Two_writes_of_one_end_that_interleave_end_the_head_once()
    {
        var writes = new Queue<TaskCompletionSource<WriteResult>>([new(), new()]);
        var (first, second) = (writes.ElementAt(0), writes.ElementAt(1));
        _end.Decide(() => new ValueTask<WriteResult>(writes.Dequeue().Task));
        var one = _end.StoreAsync(OnStored).AsTask();
        var other = _end.StoreAsync(OnStored).AsTask();

        second.SetResult(WriteResult.Written.Instance);
        Assert.Null(await other);
        first.SetResult(WriteResult.Written.Instance);
        Assert.Null(await one);

        Assert.Equal(1, _stored);
    }

    [Fact]
    public async Task A_late_write_of_one_end_does_not_end_the_next_head()
    {
        var late = new TaskCompletionSource<WriteResult>();
        var writes = new Queue<ValueTask<WriteResult>>([new(late.Task), new(WriteResult.Written.Instance)]);
        _end.Decide(writes.Dequeue);
        var one = _end.StoreAsync(OnStored).AsTask();
        await _end.StoreAsync(OnStored);
        _end.Decide(() => ValueTask.FromResult<WriteResult>(_away));

        late.SetResult(WriteResult.Written.Instance);
        Assert.Null(await one);

        Assert.True(_end.IsUnstored);
        Assert.Equal(1, _stored);
    }

    [Fact]
    public async Task No_write_without_an_end() => await Assert.ThrowsAsync<InvalidOperationException>(async () => await _end.StoreAsync(OnStored));

    private ValueTask OnStored()
    {
        Assert.False(_end.IsUnstored);
        _stored++;
        return ValueTask.CompletedTask;
    }
}
