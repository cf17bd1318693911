using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Rules.Tests.Workspaces;

public sealed class RequestDrainTests
{
    private readonly RequestDrain _drain;
    private int _inFlight;

    public RequestDrainTests() => _drain = new RequestDrain(() => _inFlight);

    [Fact]
    public async Task With_nothing_in_flight_it_ends_at_once()
    {
        Assert.False(_drain.HasBegun);
        _drain.Begin();

        Assert.True(_drain.HasBegun);
        Assert.True(await _drain.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task It_ends_with_the_last_request_in_flight()
    {
        _inFlight = 2;
        var drained = _drain.WaitAsync(CancellationToken.None);

        _inFlight = 1;
        _drain.OnRequestEnded();
        Assert.False(drained.IsCompleted);

        _inFlight = 0;
        _drain.OnRequestEnded();
        Assert.True(await drained);
    }

    [Fact]
    public async Task It_says_when_requests_are_still_in_flight_at_the_end_of_the_wait()
    {
        _inFlight = 1;
        using var patience = new CancellationTokenSource();
        var drained = _drain.WaitAsync(patience.Token);

        await patience.CancelAsync();
        Assert.False(await drained);
    }

    [Fact]
    public async Task A_drain_that_was_given_up_may_be_repeated()
    {
        _inFlight = 1;
        Assert.False(await _drain.WaitAsync(new CancellationToken(canceled: true)));
        var drained = _drain.WaitAsync(CancellationToken.None);

        _inFlight = 0;
        _drain.OnRequestEnded();
        Assert.True(await drained);
    }
}
