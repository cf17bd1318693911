namespace CioOrleans.Sandbox.Faults;

public sealed class SandboxFaultsTests
{
    private static readonly SandboxFaults _tenthEach = new()
    {
        ServerError = 0.1,
        ServerErrorAfterProcessing = 0.1,
        Unavailable = 0.1,
        Throttled = 0.1,
        TimeOut = 0.1,
        TimeOutAfterProcessing = 0.1,
        Reset = 0.1,
        ResetAfterProcessing = 0.1,
        Close = 0.1,
    };

    [Fact]
    public void Each_fate_has_its_share_of_the_draws()
    {
        var fates = Enumerable.Range(0, 1000).Select(i => _tenthEach.Fate((i + 0.5) / 1000)).CountBy(f => f).ToDictionary();

        Assert.Equal(10, fates.Count);
        Assert.Equal(100, fates[FaultKind.None]);
        Assert.All(Enum.GetValues<FaultKind>().Where(k => k != FaultKind.None), k => Assert.Equal(100, fates[k]));
    }

    [Fact]
    public void Without_faults_nothing_fails() => Assert.All([0, 0.5, 0.999999], d => Assert.Equal(FaultKind.None, SandboxFaults.None.Fate(d)));

    [Fact]
    public void A_share_of_one_hits_every_draw() =>
        Assert.All([0, 0.5, 0.999999], d => Assert.Equal(FaultKind.Reset, new SandboxFaults { Reset = 1 }.Fate(d)));

    [Fact]
    public void An_outage_hits_every_request_whatever_the_shares()
    {
        Assert.Equal(FaultKind.ServerError, (_tenthEach with { Outage = Outage.ServerError }).Fate(0.99));
        Assert.Equal(FaultKind.TimeOut, (_tenthEach with { Outage = Outage.TimeOut }).Fate(0.99));
        Assert.Equal(FaultKind.Reset, (_tenthEach with { Outage = Outage.Reset }).Fate(0.99));
        Assert.Equal(FaultKind.Close, (_tenthEach with { Outage = Outage.Close }).Fate(0.99));
    }

    [Fact]
    public void Shares_out_of_range_are_named()
    {
        Assert.Null(_tenthEach.Error());
        Assert.Equal("every share must lie between 0 and 1", new SandboxFaults { FailedItems = 1.1 }.Error());
        Assert.Equal("every share must lie between 0 and 1", new SandboxFaults { Reset = -0.1 }.Error());
        Assert.Equal("every share must lie between 0 and 1", new SandboxFaults { Reset = double.NaN }.Error());
        Assert.Equal("Classes: 'x' is no endpoint class", new SandboxFaults { Classes = "query,x" }.Error());
        Assert.Equal("RetryAfter must be a header's value, or date+N with N seconds", new SandboxFaults { RetryAfter = "date+x" }.Error());
        Assert.Equal("the shares must not add up to more than 1", new SandboxFaults { Reset = 0.6, TimeOut = 0.6 }.Error());
    }
}
