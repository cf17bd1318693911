using CioOrleans.Grains.Customers;

namespace CioOrleans.Rules.Tests.Customers;

public sealed class DiscardTurnTests
{
    private readonly DiscardTurn _turn = new();

    [Fact]
    public Task One_discard_runs_at_a_time() => InTurnsOfOneGrain(async () =>
    {
        await _turn.TakeAsync();
        var second = _turn.TakeAsync().AsTask();
        var third = _turn.TakeAsync().AsTask();
        Assert.False(second.IsCompleted);

        _turn.End();
        await Task.WhenAny(second, third);
        Assert.True(_turn.IsTaken);
        Assert.False(second.IsCompleted && third.IsCompleted);

        _turn.End();
        await Task.WhenAll(second, third);
        Assert.True(_turn.IsTaken);

        _turn.End();
        Assert.False(_turn.IsTaken);
    });

    [Fact]
    public Task An_attempt_waits_for_the_end_of_the_discard_that_runs() => InTurnsOfOneGrain(async () =>
    {
        Assert.True(_turn.Ended.IsCompleted);

        await _turn.TakeAsync();
        var ended = _turn.Ended;
        var wait = _turn.WaitAsync().AsTask();
        Assert.False(ended.IsCompleted);
        Assert.False(wait.IsCompleted);

        _turn.End();
        await ended;
        await wait;
        Assert.False(_turn.IsTaken);
    });

    /// <summary>Runs one continuation at a time, as a grain does.</summary>
    private static Task InTurnsOfOneGrain(Func<Task> test) =>
        Task.Factory.StartNew(test, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();
}
