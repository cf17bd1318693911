using System.Globalization;
using System.Net;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Messaging;

namespace CioOrleans.Postgres.Tests.Clustering;

/// <summary>Every query of the migration, through Orleans' own provider.</summary>
public sealed class MembershipTableTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly DateTime _noon = new(2026, 11, 24, 12, 0, 0, 123, DateTimeKind.Utc);

    private readonly string _cluster = Guid.NewGuid().ToString("N");
    private IHost _host = null!;
    private IMembershipTable _table = null!;

    public async ValueTask InitializeAsync()
    {
        if (database.IsAvailable)
        {
            PostgresMigrations.Run(database.ConnectionString);
            _host = ClusterHosts.Silo(database.ConnectionString, _cluster);
            _table = _host.Services.GetRequiredService<IMembershipTable>();
            await _table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        }
    }

    public ValueTask DisposeAsync()
    {
        _host?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_new_cluster_has_a_version_and_no_silo()
    {
        database.Require();
        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true);

        var all = await _table.ReadAllAsync();

        Assert.Empty(all.Members);
        Assert.Equal((0, "0"), (all.Version.Version, all.Version.VersionEtag));
    }

    [Fact]
    public async Task A_silo_comes_back_as_it_was_inserted()
    {
        database.Require();
        var silo = Entry(1);

        Assert.True(await _table.InsertRowAsync(silo, await NextAsync()));
        await _table.InsertRowAsync(Entry(2), await NextAsync());

        var all = await _table.ReadAllAsync();
        Assert.Equal((2, 2), (all.Version.Version, all.Members.Count));
        var row = await _table.ReadRowAsync(silo.SiloAddress);
        Assert.Equal(2, row.Version.Version);
        AssertSame(silo, Assert.Single(row.Members).Item1);
    }

    [Fact]
    public async Task A_silo_that_is_not_there_reads_as_the_version_alone()
    {
        database.Require();
        await _table.InsertRowAsync(Entry(1), await NextAsync());

        var row = await _table.ReadRowAsync(Entry(2).SiloAddress);

        Assert.Empty(row.Members);
        Assert.Equal(1, row.Version.Version);
    }

    [Fact]
    public async Task An_insert_needs_the_present_version_and_a_new_silo()
    {
        database.Require();
        var stale = await NextAsync();
        Assert.True(await _table.InsertRowAsync(Entry(1), await NextAsync()));

        Assert.False(await _table.InsertRowAsync(Entry(2), stale));
        Assert.False(await _table.InsertRowAsync(Entry(1), await NextAsync()));

        var all = await _table.ReadAllAsync();
        Assert.Equal((1, 1), (all.Version.Version, all.Members.Count));
    }

    [Fact]
    public async Task An_update_needs_the_present_version_and_a_known_silo()
    {
        database.Require();
        var silo = Entry(1);
        await _table.InsertRowAsync(silo, await NextAsync());
        var stale = await NextAsync();
        silo.Status = SiloStatus.Dead;
        silo.SuspectTimes = [Tuple.Create(Entry(2).SiloAddress, _noon), Tuple.Create(Entry(3).SiloAddress, _noon.AddSeconds(1))];
        silo.IAmAliveTime = _noon.AddMinutes(1);

        Assert.True(await UpdateAsync(silo, await NextAsync()));
        Assert.False(await UpdateAsync(silo, stale));
        Assert.False(await UpdateAsync(Entry(9), await NextAsync()));

        var all = await _table.ReadAllAsync();
        Assert.Equal(2, all.Version.Version);
        var stored = Assert.Single(all.Members).Item1;
        AssertSame(silo, stored);
        Assert.Equal(silo.SuspectTimes, stored.SuspectTimes);
    }

    [Fact]
    public async Task Of_concurrent_writers_on_one_version_one_wins()
    {
        database.Require();
        for (var round = 1; round <= 10; round++)
        {
            var next = await NextAsync();
            var inserts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => _table.InsertRowAsync(Entry((round * 100) + i), next))));
            Assert.Single(inserts, won => won);

            var known = (await _table.ReadAllAsync()).Members[0].Item1;
            next = await NextAsync();
            var updates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => UpdateAsync(known, next))));
            Assert.Single(updates, won => won);

            var all = await _table.ReadAllAsync();
            Assert.Equal((2 * round, round), (all.Version.Version, all.Members.Count));
        }
    }

    [Fact]
    public async Task A_sign_of_life_changes_its_time_and_no_version()
    {
        database.Require();
        var silo = Entry(1);
        await _table.InsertRowAsync(silo, await NextAsync());
        silo.IAmAliveTime = _noon.AddHours(1);

        await _table.UpdateIAmAliveAsync(silo);

        var all = await _table.ReadAllAsync();
        Assert.Equal((1, _noon.AddHours(1)), (all.Version.Version, all.Members[0].Item1.IAmAliveTime));
    }

    [Fact]
    public async Task Silos_long_dead_are_removed_and_active_ones_stay()
    {
        database.Require();
        var dead = Entry(1);
        dead.Status = SiloStatus.Dead;
        var active = Entry(2);
        var freshlyDead = Entry(3);
        freshlyDead.Status = SiloStatus.Dead;
        freshlyDead.IAmAliveTime = freshlyDead.StartTime = _noon.AddDays(2);
        foreach (var silo in new[] { dead, active, freshlyDead })
        {
            await _table.InsertRowAsync(silo, await NextAsync());
        }

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(_noon.AddDays(1)));

        Assert.Equal(
            [active.SiloAddress, freshlyDead.SiloAddress],
            (await _table.ReadAllAsync()).Members.Select(member => member.Item1.SiloAddress).OrderBy(address => address.Endpoint.Port));
    }

    [Fact]
    public async Task A_client_is_given_the_active_silos_that_have_a_gateway()
    {
        database.Require();
        var joining = Entry(2);
        joining.Status = SiloStatus.Joining;
        var withoutGateway = Entry(3);
        withoutGateway.ProxyPort = 0;
        foreach (var silo in new[] { Entry(1), joining, withoutGateway })
        {
            await _table.InsertRowAsync(silo, await NextAsync());
        }

        using var client = ClusterHosts.Client(database.ConnectionString, _cluster);
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();

        Assert.Equal(["gwy.tcp://10.0.0.1:30001/1"], (await gateways.GetGateways()).Select(gateway => gateway.ToString()));
    }

    [Fact]
    public async Task A_cluster_can_be_deleted_and_another_stays()
    {
        database.Require();
        await _table.InsertRowAsync(Entry(1), await NextAsync());
        using var other = ClusterHosts.Silo(database.ConnectionString, "other");
        var otherTable = other.Services.GetRequiredService<IMembershipTable>();
        await otherTable.InitializeMembershipTableAsync(tryInitTableVersion: true);
        await otherTable.InsertRowAsync(Entry(1), (await otherTable.ReadAllAsync()).Version.Next());

        await _table.DeleteMembershipTableEntriesAsync(_cluster);

        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        Assert.Equal(0, (await _table.ReadAllAsync()).Version.Version);
        Assert.Single((await otherTable.ReadAllAsync()).Members);
    }

    /// <summary>The rows have no version of their own: the table's is their etag.</summary>
    private Task<bool> UpdateAsync(MembershipEntry silo, TableVersion next) => _table.UpdateRowAsync(silo, next.VersionEtag, next);

    private async Task<TableVersion> NextAsync() => (await _table.ReadAllAsync()).Version.Next();

    private static MembershipEntry Entry(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11_000 + number, number),
        SiloName = "silo " + number.ToString(CultureInfo.InvariantCulture),
        HostName = "host",
        Status = SiloStatus.Active,
        ProxyPort = 30_000 + number,
        StartTime = _noon,
        IAmAliveTime = _noon.AddSeconds(1),
    };

    private static void AssertSame(MembershipEntry expected, MembershipEntry actual)
    {
        Assert.Equal(
            (expected.SiloAddress, expected.SiloName, expected.HostName, expected.Status, expected.ProxyPort, expected.StartTime, expected.IAmAliveTime),
            (actual.SiloAddress, actual.SiloName, actual.HostName, actual.Status, actual.ProxyPort, actual.StartTime, actual.IAmAliveTime));
    }
}
