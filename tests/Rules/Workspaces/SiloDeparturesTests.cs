using System.Net;
using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Workspaces;

public sealed class SiloDeparturesTests
{
    private static readonly SiloAddress _silo = SiloAddress.New(IPAddress.Loopback, 1, 1);

    private readonly SiloDepartures _departures = new();
    private long _version;

    [Theory]
    [InlineData(new[] { SiloStatus.Active, SiloStatus.ShuttingDown, SiloStatus.Dead }, 0)]
    [InlineData(new[] { SiloStatus.Active, SiloStatus.ShuttingDown, SiloStatus.Stopping, SiloStatus.Dead, SiloStatus.Dead }, 0)]
    [InlineData(new[] { SiloStatus.Active, SiloStatus.Dead, SiloStatus.Dead }, 1)]
    [InlineData(new[] { SiloStatus.Joining, SiloStatus.Dead }, 1)]
    [InlineData(new[] { SiloStatus.Dead }, 1)]
    public void A_silo_is_lost_that_dies_without_having_said_that_it_shuts_down(SiloStatus[] history, int lost) =>
        Assert.Equal(lost, history.Select(See).ToArray()[^1]);

    [Fact]
    public void An_older_view_changes_nothing()
    {
        See(SiloStatus.Active);
        See(SiloStatus.ShuttingDown);

        Assert.Equal(0, _departures.CountLost([KeyValuePair.Create(_silo, SiloStatus.Active)], new MembershipVersion(1)));
        Assert.Equal(0, See(SiloStatus.Dead));
    }

    private long See(SiloStatus status) => _departures.CountLost([KeyValuePair.Create(_silo, status)], new MembershipVersion(++_version));
}
