using CioOrleans.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class ClusterTests
{
    private static readonly StorageProvider[] _both = [StorageProvider.Sqlite, StorageProvider.Postgres];

    [Theory]
    [InlineData("Silo")]
    [InlineData("Client")]
    public void Modes_of_several_processes_are_refused_where_there_is_no_Postgres(string mode) => Assert.Equal(
        [$"Dispatcher:Cluster:Mode = '{mode}': expected Embedded; the other modes need PostgreSQL, which this version does not have."],
        Reading.Errors([.. Reading.Acme, ("Cluster:Mode", mode)]));

    [Fact]
    public void A_provider_that_this_version_lacks_is_refused() => Assert.Equal(
        ["Dispatcher:Storage:Provider = 'Postgres': expected Sqlite; this version has no other."],
        Reading.Errors([.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db")]));

    [Theory]
    [InlineData("Silo")]
    [InlineData("Client")]
    public void Modes_of_several_processes_cannot_share_a_file(string mode) => Assert.Equal(
        [$"Dispatcher:Cluster:Mode = '{mode}': expected Embedded with Sqlite, or Dispatcher:Storage:Provider = Postgres."],
        Errors([.. Reading.Acme, ("Cluster:Mode", mode)]));

    [Fact]
    public void Postgres_has_no_default_connection_string() => Assert.Equal(
        ["Dispatcher:Storage:ConnectionString is missing: expected a PostgreSQL connection string, such as 'Host=db;Database=cio;Username=cio;Password=…'."],
        Errors([.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Cluster:Mode", "Silo")]));

    [Fact]
    public void The_cluster_uses_the_storages_database_unless_it_has_its_own()
    {
        var settings = Assert.IsType<SettingsResult.Valid>(DispatcherSettingsReader.Read(
            Reading.Configuration([.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db"), ("Cluster:Mode", "Silo")]),
            _both)).Settings;

        Assert.Equal("Host=db", settings.Cluster.ConnectionString);
    }

    [Fact]
    public void Several_processes_need_a_configured_workspace() => Assert.Equal(
        ["Dispatcher:Workspaces is missing: expected at least one workspace: the demo runs only with Cluster:Mode = Embedded."],
        Errors([("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db"), ("Cluster:Mode", "Silo")]));

    [Fact]
    public void The_two_ports_differ() => Assert.Equal(
        ["Dispatcher:Cluster:GatewayPort = '4000': expected another port than SiloPort."],
        Reading.Errors([.. Reading.Acme, ("Cluster:SiloPort", "4000"), ("Cluster:GatewayPort", "4000")]));

    private static IReadOnlyList<string> Errors((string Key, string? Value)[] pairs) =>
        Assert.IsType<SettingsResult.Invalid>(DispatcherSettingsReader.Read(Reading.Configuration(pairs), _both)).Errors;
}
