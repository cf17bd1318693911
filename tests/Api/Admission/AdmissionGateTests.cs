using CioOrleans.Api.Admission;
using CioOrleans.Api.Tests.Submission;
using CioOrleans.Api.Tests.Http;
using CioOrleans.BackPressure;
using CioOrleans.Client.BackPressure;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Api.Tests.Admission;

public sealed class AdmissionGateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionGate _gate;
    private WorkspacePressure _pressure = new(100, null, null, 50);
    private bool _isAway;
    private int _questions;

    public AdmissionGateTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        var workspace = FakeGrains.Create<IWorkspaceGrain>((_, _) =>
        {
            _questions++;
            return _isAway ? ValueTask.FromException<WorkspacePressure>(new TimeoutException()) : ValueTask.FromResult(_pressure);
        });
        _gate = new AdmissionGate(
            FakeGrains.Create<IGrainFactory>((_, _) => workspace),
            [
                TestWorkspaces.Named("acme", "a", "k") with { BackPressure = new BackPressureSettings { MaxQueued = 100 } },
                TestWorkspaces.Named("beta", "b", "k"),
            ],
            _time);
    }

    [Fact]
    public void A_caller_that_comes_every_ten_seconds_is_refused_each_time()
    {
        for (var call = 0; call < 5; call++)
        {
            for (var second = 0; second < 10; second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.NotNull(_gate.Refuses("acme", AdmissionRank.Live));
        }
    }

    [Fact]
    public void A_workspace_that_is_full_turns_away_and_is_asked_once_a_second()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(
                new AcceptResult.Unavailable("100 calls wait, and no more are taken before some are delivered.", TimeSpan.FromSeconds(1)) { IsOverload = true },
                _gate.Refuses("acme", AdmissionRank.Live));
        }

        Assert.Equal(1, _questions);
        _pressure = _pressure with { Queued = 10 };
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_gate.Refuses("acme", AdmissionRank.Live));
        Assert.Equal(2, _questions);
    }

    [Fact]
    public void A_workspace_that_cannot_be_asked_lets_calls_in()
    {
        Assert.NotNull(_gate.Refuses("acme", AdmissionRank.Live));
        _isAway = true;
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(_gate.Refuses("acme", AdmissionRank.Live));
    }

    [Fact]
    public void A_workspace_without_the_settings_is_never_asked()
    {
        Assert.Null(_gate.Refuses("beta", AdmissionRank.Bulk));
        Assert.Equal(1, _questions);
    }

    public void Dispose() => _gate.Dispose();
}
