using System.Net;
using CioOrleans.Postgres.Leasing;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Postgres.Tests.Leasing;

public sealed class PostgresOwnerDirectoryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly SiloAddress _one = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11111, 1);
    private static readonly SiloAddress _two = SiloAddress.New(IPAddress.Parse("10.0.0.2"), 11111, 2);
    private static readonly SiloAddress _three = SiloAddress.New(IPAddress.Parse("10.0.0.3"), 11111, 3);

    [Fact]
    public async Task The_first_registration_stands_while_its_silo_lives()
    {
        await using var cluster = await Cluster.OpenAsync(database);
        var (first, second) = (cluster.Activation(_one), cluster.Activation(_two));

        Assert.Equal(first, await cluster.At(_one).Register(first));
        Assert.Equal(first, await cluster.At(_two).Register(second));

        Assert.Equal(first, await cluster.At(_three).Lookup(cluster.Grain));
    }

    [Fact]
    public async Task A_look_up_right_after_one_that_failed_fails_without_asking_the_database()
    {
        var time = new FakeTimeProvider();

        // Nothing listens on port 1.
        await using var directory = new PostgresOwnerDirectory("Host=127.0.0.1;Port=1;Username=x;Database=x", "cio", _one, time);
        var grain = GrainId.Create("workspace", "acme");

        Assert.StartsWith("The owners' directory cannot be reached: ", (await Assert.ThrowsAsync<IOException>(() => directory.Lookup(grain))).Message, StringComparison.Ordinal);
        Assert.Equal("The owners' directory could not be reached a moment ago.", (await Assert.ThrowsAsync<IOException>(() => directory.Lookup(grain))).Message);

        time.Advance(LookupGate.Rest);
        Assert.StartsWith("The owners' directory cannot be reached: ", (await Assert.ThrowsAsync<IOException>(() => directory.Lookup(grain))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_replaces_the_registration_it_comes_from_and_no_other()
    {
        await using var cluster = await Cluster.OpenAsync(database);
        var (first, second, third) = (cluster.Activation(_one), cluster.Activation(_two), cluster.Activation(_three));
        await cluster.At(_one).Register(first);

        Assert.Equal(second, await cluster.At(_two).Register(second, previousAddress: first));
        Assert.Equal(second, await cluster.At(_three).Register(third, previousAddress: first));
    }

    [Fact]
    public async Task A_silo_that_believes_another_dead_cannot_take_over_or_remove_what_lives_there()
    {
        await using var cluster = await Cluster.OpenAsync(database);
        var first = cluster.Activation(_one);
        await cluster.At(_one).Register(first);

        await cluster.At(_two).Unregister(first);
        await cluster.At(_two).UnregisterSilos([_one]);

        Assert.Equal(first, await cluster.At(_two).Register(cluster.Activation(_two)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_registration_of_a_silo_that_is_dead_or_forgotten_is_free(bool isForgotten)
    {
        await using var cluster = await Cluster.OpenAsync(database);
        var (first, second) = (cluster.Activation(_one), cluster.Activation(_two));
        await cluster.At(_one).Register(first);
        await cluster.SetStatusAsync(_one, isForgotten ? null : Dead);

        Assert.Equal(second, await cluster.At(_two).Register(second));
    }

    [Fact]
    public async Task When_many_silos_register_at_once_after_a_crash_all_agree_on_one()
    {
        await using var cluster = await Cluster.OpenAsync(database);
        await cluster.At(_one).Register(cluster.Activation(_one));
        await cluster.SetStatusAsync(_one, Dead);

        var registered = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? _two : _three)
            .Select(silo => cluster.At(silo).Register(cluster.Activation(silo))));

        Assert.Single(registered.Distinct());
    }

    [Fact]
    public async Task An_owner_removes_its_own_registration_and_not_that_of_its_successor()
    {
        await using var cluster = await Cluster.OpenAsync(database);
        var (first, second) = (cluster.Activation(_one), cluster.Activation(_one));
        await cluster.At(_one).Register(first);
        await cluster.At(_one).Register(second, previousAddress: first);

        await cluster.At(_one).Unregister(first);
        Assert.Equal(second, await cluster.At(_two).Lookup(cluster.Grain));

        await cluster.At(_one).Unregister(second);
        Assert.Null(await cluster.At(_two).Lookup(cluster.Grain));
    }

    /// <summary>Three silos of one cluster, all active, and a grain that no other test uses.</summary>
    private sealed class Cluster(string connectionString) : IAsyncDisposable
    {
        private readonly string _id = Guid.NewGuid().ToString("N");
        private readonly Dictionary<SiloAddress, PostgresOwnerDirectory> _directories = [];

        public GrainId Grain { get; } = GrainId.Create("workspace", "acme");

        public static async Task<Cluster> OpenAsync(TestDatabase database)
        {
            PostgresMigrations.Run(database.ConnectionString);
            var cluster = new Cluster(database.ConnectionString);
            foreach (var silo in new[] { _one, _two, _three })
            {
                cluster._directories.Add(silo, new PostgresOwnerDirectory(database.ConnectionString, cluster._id, silo, TimeProvider.System));
                await cluster.SetStatusAsync(silo, Active);
            }

            return cluster;
        }

        public PostgresOwnerDirectory At(SiloAddress silo) => _directories[silo];

        public GrainAddress Activation(SiloAddress silo) => new() { GrainId = Grain, ActivationId = ActivationId.NewId(), SiloAddress = silo, MembershipVersion = new MembershipVersion(7) };

        /// <param name="silo">Which silo.</param>
        /// <param name="status">Null removes it from the table.</param>
        public async Task SetStatusAsync(SiloAddress silo, int? status)
        {
            var key = $"DeploymentId = '{_id}' and Address = '{silo.Endpoint.Address}' and Port = {silo.Endpoint.Port} and Generation = {silo.Generation}";
            await TestDatabase.ExecuteAsync(connectionString, $"delete from OrleansMembershipTable where {key}");
            if (status is { } value)
            {
                await TestDatabase.ExecuteAsync(
                    connectionString,
                    $"""
                    insert into OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, StartTime, IAmAliveTime)
                    values ('{_id}', '{silo.Endpoint.Address}', {silo.Endpoint.Port}, {silo.Generation}, 's', 'h', {value}, now(), now())
                    """);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var directory in _directories.Values)
            {
                await directory.DisposeAsync();
            }
        }
    }
}
