using CioOrleans.Client.Imports;
using CioOrleans.Imports;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Rules.Tests.Imports;

public sealed class ImportPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ImportPace _pace;
    private long _waiting;
    private TimeSpan _quietFor;
    private bool _isAway;
    private int _questions;

    public ImportPaceTests() => _pace = new ImportPace(
        () =>
        {
            _questions++;
            return _isAway ? throw new TimeoutException() : ValueTask.FromResult(new ImportStatus(default, null, default, _waiting, 0, null, _quietFor));
        },
        _time,
        mostAhead: 100);

    [Fact]
    public async Task Room_is_asked_for_once_and_then_used_up()
    {
        for (var i = 0; i < 101; i++)
        {
            await _pace.WaitAsync(1, default);
        }

        Assert.Equal(1, _questions);
        await _pace.WaitAsync(1, default);
        Assert.Equal(2, _questions);
    }

    [Fact]
    public void Too_far_ahead_it_waits_until_enough_is_delivered()
    {
        _waiting = 100;
        var waits = _pace.WaitAsync(1, default).AsTask();
        Assert.False(waits.IsCompleted);

        _waiting = 91;
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.False(waits.IsCompleted);

        _waiting = 90;
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(waits.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Where_nothing_is_delivered_nobody_is_held_up()
    {
        (_waiting, _quietFor) = (1_000_000, ImportStatus.Quiet);

        await _pace.WaitAsync(1, default);
    }

    [Fact]
    public async Task While_nobody_can_tell_a_few_are_let_through()
    {
        _isAway = true;
        for (var i = 0; i < 12; i++)
        {
            await _pace.WaitAsync(1, default);
        }

        Assert.Equal(2, _questions);
    }
}
