using System.Net;
using CioOrleans.Cluster;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminClusterTests : IAsyncLifetime
{
    private const string Answer = """
        {"clusterId":"cio","membershipVersion":7,"silos":[{"silo":"10.0.0.1:11111@5","name":"one","status":"active","answers":true,"version":"1.2.3","startedAt":"2026-08-01T12:00:00+00:00","customers":42,"workspaces":["acme"],"isDraining":false,"clockAhead":-0.25,"databaseSilentFor":0.4},{"silo":"10.0.0.2:11111@6","name":"two","status":"dead","answers":false,"version":null,"startedAt":null,"customers":null,"workspaces":null,"isDraining":null,"clockAhead":null,"databaseSilentFor":null}],"workspaces":[{"workspace":"acme","silo":"10.0.0.1:11111@5","epoch":3,"heldFor":60,"renewedAgo":0.7}]}
        """;

    private readonly IClusterGrain _cluster = Substitute.For<IClusterGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync("key");
        _host.Grains.GetGrain<IClusterGrain>(0, Arg.Any<string?>()).Returns(_cluster);
        _cluster.GetStatus().Returns(_ => ValueTask.FromResult(new ClusterStatus(
            "cio",
            7,
            [
                new Cluster.ClusterMember("10.0.0.1:11111@5", "one", "active", new SiloReport(
                    "1.2.3", new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero), 42, ["acme"], false, TimeSpan.FromSeconds(-0.25), TimeSpan.FromSeconds(0.4))),
                new Cluster.ClusterMember("10.0.0.2:11111@6", "two", "dead", null),
            ],
            [new WorkspaceOwner("acme", "10.0.0.1:11111@5", 3, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(0.7))])));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_cluster_shows_its_silos_and_who_owns_what() =>
        Assert.Equal((HttpStatusCode.OK, Answer), await _host.SendAsync("GET", "/admin/cluster"));

    [Fact]
    public async Task A_silo_is_drained_by_its_address()
    {
        _cluster.Drain("10.0.0.1:11111@5").Returns(ValueTask.FromResult(true));

        Assert.Equal((HttpStatusCode.OK, Answer), await _host.SendAsync("POST", "/admin/cluster/10.0.0.1:11111@5/drain"));
    }

    [Fact]
    public async Task An_unknown_silo_is_told() => Assert.Equal(
        (HttpStatusCode.NotFound, """{"meta":{"error":"There is no active silo 'x'. GET /admin/cluster names them."}}"""),
        await _host.SendAsync("POST", "/admin/cluster/x/drain"));
}
