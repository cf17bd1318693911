using System.Net;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class ClusterTests
{
    private static readonly (string Key, string? Value)[] _postgres =
        [.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db;Database=cio")];

    [Theory]
    [InlineData("Embedded", ClusterMode.Embedded)]
    [InlineData("silo", ClusterMode.Silo)]
    [InlineData("CLIENT", ClusterMode.Client)]
    public void On_Postgres_a_process_may_be_anything_in_a_cluster(string text, ClusterMode mode) => Assert.Equal(
        new ClusterSettings
        {
            Mode = mode,
            ConnectionString = "Host=db;Database=cio",
            ClusterId = "cio",
            ServiceId = "cio",
            SiloPort = 11_111,
            GatewayPort = 30_000,
            AdvertisedAddress = null,
            Tls = null,
            Membership = new MembershipSettings(TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)),
        },
        Reading.Valid([.. _postgres, ("Cluster:Mode", text)]).Cluster);

    [Fact]
    public void Every_key_of_the_cluster_is_read() => Assert.Equal(
        new ClusterSettings
        {
            Mode = ClusterMode.Silo,
            ConnectionString = "Host=other",
            ClusterId = "blue",
            ServiceId = "crm",
            SiloPort = 1,
            GatewayPort = 0,
            AdvertisedAddress = IPAddress.Parse("10.0.0.1"),
            Tls = null,
            Membership = new MembershipSettings(TimeSpan.FromMilliseconds(500), 20, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1)),
        },
        Reading.Valid([
            .. _postgres,
            ("Cluster:Mode", "Silo"), ("Cluster:ConnectionString", "Host=other"), ("Cluster:ClusterId", "blue"), ("Cluster:ServiceId", "crm"),
            ("Cluster:SiloPort", "1"), ("Cluster:GatewayPort", "0"), ("Cluster:AdvertisedAddress", "10.0.0.1"),
            ("Cluster:Membership:ProbeTimeout", "500ms"), ("Cluster:Membership:MissedProbes", "20"),
            ("Cluster:Membership:TableRefresh", "5m"), ("Cluster:Membership:IAmAlive", "1s"),
        ]).Cluster);

    [Theory]
    [InlineData("Mode", "Server", "Embedded or Silo or Client")]
    [InlineData("ClusterId", "a b", "1 to 200 characters without white space")]
    [InlineData("ServiceId", "a b", "1 to 200 characters without white space")]
    [InlineData("SiloPort", "0", "a whole number from 1 to 65535")]
    [InlineData("GatewayPort", "65536", "a whole number from 0 to 65535")]
    [InlineData("AdvertisedAddress", "silo-1", "an IP address other than 0.0.0.0 and ::")]
    [InlineData("AdvertisedAddress", "0.0.0.0", "an IP address other than 0.0.0.0 and ::")]
    [InlineData("AdvertisedAddress", "::", "an IP address other than 0.0.0.0 and ::")]
    [InlineData("Membership:ProbeTimeout", "499ms", "a duration from 500ms to 30s, such as '250ms', '1s' or '2m'")]
    [InlineData("Membership:ProbeTimeout", "31s", "a duration from 500ms to 30s, such as '250ms', '1s' or '2m'")]
    [InlineData("Membership:MissedProbes", "0", "a whole number from 1 to 20")]
    [InlineData("Membership:MissedProbes", "21", "a whole number from 1 to 20")]
    [InlineData("Membership:TableRefresh", "999ms", "a duration from 1s to 5m, such as '250ms', '1s' or '2m'")]
    [InlineData("Membership:TableRefresh", "6m", "a duration from 1s to 5m, such as '250ms', '1s' or '2m'")]
    [InlineData("Membership:IAmAlive", "999ms", "a duration from 1s to 5m, such as '250ms', '1s' or '2m'")]
    [InlineData("Membership:IAmAlive", "6m", "a duration from 1s to 5m, such as '250ms', '1s' or '2m'")]
    public void A_value_out_of_range_is_refused(string key, string value, string expected) => Assert.Equal(
        [$"Dispatcher:Cluster:{key} = '{value}': expected {expected}."],
        Reading.Errors([.. _postgres, ($"Cluster:{key}", value)]));

    [Fact]
    public void The_clusters_own_database_is_checked_and_never_shown() => Assert.Equal(
        ["Dispatcher:Cluster:ConnectionString (value not shown): expected a PostgreSQL connection string, such as 'Host=db;Database=cio;Username=cio;Password=…'."],
        Reading.Errors([.. _postgres, ("Cluster:ConnectionString", "secret")]));

    [Fact]
    public void The_two_ports_differ() => Assert.Equal(
        ["Dispatcher:Cluster:GatewayPort = '4000': expected another port than SiloPort."],
        Reading.Errors([.. _postgres, ("Cluster:SiloPort", "4000"), ("Cluster:GatewayPort", "4000")]));

    [Theory]
    [InlineData("Silo")]
    [InlineData("Client")]
    public void Several_processes_cannot_share_a_file(string mode) => Assert.Equal(
        [$"Dispatcher:Cluster:Mode = '{mode}': expected Embedded with Sqlite, or Dispatcher:Storage:Provider = Postgres."],
        Reading.Errors([.. Reading.Acme, ("Cluster:Mode", mode), ("Cluster:SiloPort", "11112")]));

    [Theory]
    [InlineData("ConnectionString", "Host=db")]
    [InlineData("ClusterId", "blue")]
    [InlineData("ServiceId", "crm")]
    [InlineData("SiloPort", "11111")]
    [InlineData("GatewayPort", "30000")]
    [InlineData("AdvertisedAddress", "10.0.0.1")]
    [InlineData("Membership:ProbeTimeout", "1s")]
    [InlineData("Membership:MissedProbes", "3")]
    [InlineData("Membership:TableRefresh", "10s")]
    [InlineData("Membership:IAmAlive", "5s")]
    public void On_a_file_nobody_is_left_to_believe_that_there_is_a_cluster(string key, string value) => Assert.Equal(
        [$"Dispatcher:Cluster:{key} changes nothing with Sqlite, which serves one process: expected Dispatcher:Storage:Provider = Postgres."],
        Reading.Errors([.. Reading.Acme, ("Cluster:Mode", "Embedded"), ($"Cluster:{key}", value)]));

    [Fact]
    public void A_key_that_is_given_empty_is_not_given() => Assert.Equal(
        ClusterMode.Embedded, Reading.Valid([.. Reading.Acme, ("Cluster:SiloPort", ""), ("Cluster:Membership:IAmAlive", "")]).Cluster.Mode);

    [Fact]
    public void A_misspelt_provider_is_the_one_error_and_not_what_follows_from_its_default() => Assert.Equal(
        ["Dispatcher:Storage:Provider = 'Postgress': expected Sqlite or Postgres."],
        Reading.Errors([.. Reading.Acme, ("Storage:Provider", "Postgress"), ("Cluster:Mode", "Silo"), ("Cluster:SiloPort", "11112")]));

    [Fact]
    public void Unknown_keys_of_the_cluster_are_refused() => Assert.Equal(
        [
            "Dispatcher:Cluster:Membership:ProbeTimeOuts is not a setting: did you mean 'ProbeTimeout'?",
            "Dispatcher:Cluster:Port is not a setting: expected one of Mode, ConnectionString, ClusterId, ServiceId, SiloPort, GatewayPort, AdvertisedAddress, Tls, Membership.",
        ],
        Reading.Errors([.. _postgres, ("Cluster:Port", "1"), ("Cluster:Membership:ProbeTimeOuts", "1s")]));

    [Fact]
    public void Several_processes_need_a_configured_workspace() => Assert.Equal(
        ["Dispatcher:Workspaces is missing: expected at least one workspace: the demo runs only with Cluster:Mode = Embedded."],
        Reading.Errors(("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db"), ("Cluster:Mode", "Silo")));

    [Fact]
    public void A_silo_runs_no_sandbox() => Assert.Equal(
        ["Dispatcher:Sandbox:Enabled = 'true': expected false with Cluster:Mode = Silo: a front-end runs it, or src/Sandbox on its own."],
        Reading.Errors([.. _postgres, ("Cluster:Mode", "Silo"), ("Sandbox:Enabled", "true")]));
}
