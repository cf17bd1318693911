using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class DispatcherTests
{
    [Fact]
    public void No_configuration_at_all_starts_the_demo_against_the_sandbox()
    {
        var settings = Reading.Valid();
        var demo = Assert.Single(settings.Workspaces).Value;

        Assert.True(settings.IsDemo);
        Assert.Equal(("demo", "demo-site", "demo-key"), (demo.Name, demo.SiteId, demo.ApiKey));
        Assert.Equal("http://127.0.0.1:5081/", demo.TrackUrl.ToString());
        Assert.Equal("demo", settings.Api.DefaultWorkspace);
        Assert.Equal(new SandboxSettings(true, new Uri("http://127.0.0.1:5081")), settings.Sandbox);
        Assert.Equal([LimitClass.Identify, LimitClass.Track, LimitClass.Page, LimitClass.Batch], demo.LimitGroups[0].Classes);
        Assert.Equal([new RateLimit(100, TimeSpan.FromSeconds(1))], demo.LimitGroups[0].Limits);
        Assert.Equal(Enum.GetValues<LimitClass>(), demo.LimitGroups.SelectMany(group => group.Classes));
    }

    [Fact]
    public void The_demo_goes_where_the_sandbox_listens()
    {
        var settings = Reading.Valid(("Sandbox:Url", "http://127.0.0.1:6001"), ("Workspaces", null));

        Assert.Equal("http://127.0.0.1:6001/", settings.Workspaces["demo"].TrackUrl.ToString());
        Assert.Equal("http://127.0.0.1:6001/", settings.Workspaces["demo"].AppUrl.ToString());
    }

    [Fact]
    public void Defaults_make_one_process_with_a_file()
    {
        var settings = Reading.Valid(Reading.Acme);

        Assert.Equal(new StorageSettings(StorageProvider.Sqlite, "Data Source=data/cio.db"), settings.Storage);
        Assert.Equal(
            new ClusterSettings
            {
                Mode = ClusterMode.Embedded,
                ConnectionString = "Data Source=data/cio.db",
                ClusterId = "cio",
                ServiceId = "cio",
                SiloPort = 11_111,
                GatewayPort = 30_000,
                AdvertisedAddress = null,
                Tls = null,
                Membership = new MembershipSettings(TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)),
            },
            settings.Cluster);
        Assert.Equal(new Uri("http://127.0.0.1:5079"), settings.Admin.Url);
        Assert.Empty(settings.Admin.Keys);
        Assert.Equal(new ApiSettings("acme", 1_048_576), settings.Api);
        Assert.Equal(new LoggingSettings(false), settings.Logging);
        Assert.Equal(new ShutdownSettings(TimeSpan.Zero), settings.Shutdown);
    }

    [Fact]
    public void Every_key_of_one_process_outside_the_workspaces_is_read()
    {
        var settings = Reading.Valid([
            .. Reading.Acme, ("Workspaces:beta:SiteId", "b"), ("Workspaces:beta:ApiKey", "k"),
            ("Storage:Provider", "sqlite"), ("Storage:ConnectionString", "Data Source=/var/lib/cio/cio.db"),
            ("Storage:Migrations", "Run"), ("Cluster:Mode", "embedded"),
            ("Admin:ApiKey", "admin"), ("Api:DefaultWorkspace", "beta"), ("Api:MaxBodyBytes", "1024"),
            ("Sandbox:Enabled", "true"), ("Logging:Json", "true"), ("Shutdown:Notice", "5s"),
        ]);

        Assert.Equal(new StorageSettings(StorageProvider.Sqlite, "Data Source=/var/lib/cio/cio.db"), settings.Storage);
        Assert.Equal([new AdminKey("ApiKey", "admin", AdminRole.Operate)], settings.Admin.Keys);
        Assert.Equal(new ApiSettings("beta", 1024), settings.Api);
        Assert.True(settings.Sandbox.Enabled);
        Assert.True(settings.Logging.Json);
        Assert.Equal(new ShutdownSettings(TimeSpan.FromSeconds(5)), settings.Shutdown);
        Assert.Equal(["acme", "beta"], settings.Workspaces.Keys);
    }

    [Fact]
    public void Several_workspaces_have_no_default_unless_one_is_named() => Assert.Null(
        Reading.Valid([.. Reading.Acme, ("Workspaces:beta:SiteId", "b"), ("Workspaces:beta:ApiKey", "k")]).Api.DefaultWorkspace);

    [Fact]
    public void All_errors_are_reported_at_once_in_the_order_of_reading() => Assert.Equal(
        [
            "Dispatcher:Storage:Provider = 'Oracle': expected Sqlite or Postgres.",
            "Dispatcher:Cluster:SiloPort = '70000': expected a whole number from 1 to 65535.",
            "Dispatcher:Cluster:AdvertisedAddress = 'silo-1': expected an IP address other than 0.0.0.0 and ::.",
            "Dispatcher:Logging:Json = '1': expected true or false.",
            "Dispatcher:Shutdown:Notice = '1h': expected a duration from 0s to 5m, such as '250ms', '1s' or '2m'.",
            "Dispatcher:Workspaces:acme:MaxConcurrency = 'many': expected a whole number from 1 to 10000.",
            "Dispatcher:Sandbox:Url = 'x': expected http:// or https:// and a host, without path, query and user name.",
            "Dispatcher:Api:DefaultWorkspace = 'Acme': expected a configured workspace: acme.",
            "Dispatcher:Api:MaxBodyBytes = '1MB': expected a whole number from 1024 to 33554432.",
        ],
        Reading.Errors([
            .. Reading.Acme, ("Workspaces:acme:MaxConcurrency", "many"), ("Storage:Provider", "Oracle"), ("Cluster:SiloPort", "70000"),
            ("Cluster:AdvertisedAddress", "silo-1"), ("Logging:Json", "1"), ("Shutdown:Notice", "1h"), ("Sandbox:Url", "x"), ("Api:DefaultWorkspace", "Acme"), ("Api:MaxBodyBytes", "1MB"),
        ]));

    [Fact]
    public void Unknown_keys_are_refused_with_what_was_meant_and_without_their_values() => Assert.Equal(
        [
            "Dispatcher:Storage:ConectionString is not a setting: did you mean 'ConnectionString'?",
            "Dispatcher:Admin:Key is not a setting: did you mean 'Keys'?",
            "Dispatcher:Workspaces:acme:Limit is not a setting: did you mean 'Limits'?",
            "Dispatcher:Workspace is not a setting: did you mean 'Workspaces'?",
        ],
        Reading.Errors([
            .. Reading.Acme, ("Workspaces:acme:Limit:identify", "1/1s"), ("Workspace:acme:SiteId", "secret"), ("Storage:ConectionString", "secret"), ("Admin:Key", "secret"),
        ]));

    [Fact]
    public void A_misspelt_root_does_not_start_the_demo()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Dispacher:Workspaces:acme:SiteId", (string?)"site")]).Build();

        Assert.Equal(
            ["Dispacher is not a setting: did you mean 'Dispatcher'?"],
            Assert.IsType<SettingsResult.Invalid>(DispatcherSettingsReader.Read(configuration)).Errors);
    }

    [Fact]
    public void A_value_where_a_section_belongs_is_refused() => Assert.Equal(
        [
            "Dispatcher:Admin (value not shown): expected a section with settings in it, not a value.",
            "Dispatcher:Workspaces (value not shown): expected a section with settings in it, not a value.",
        ],
        Reading.Errors(("Admin", "secret"), ("Workspaces", "secret")));

    [Fact]
    public void An_error_is_one_line_whatever_the_value_holds() => Assert.Equal(
        [$"Dispatcher:Cluster:ClusterId = 'a?b{new string('c', 97)}…': expected 1 to 200 characters without white space."],
        Reading.Errors([.. Reading.Acme, ("Cluster:ClusterId", "a\nb" + new string('c', 300))]));

    [Theory]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=x.db;Mode=Memory")]
    [InlineData("Data Source=file:x?mode=memory")]
    [InlineData("Data Source=x.db;Mode=ReadOnly")]
    [InlineData("Data Source=")]
    [InlineData("Password=se;cret")]
    [InlineData("secret")]
    public void A_connection_string_that_keeps_nothing_is_refused_and_never_shown(string connectionString) => Assert.Equal(
        ["Dispatcher:Storage:ConnectionString (value not shown): expected a SQLite connection string with a writable file, such as 'Data Source=data/cio.db'."],
        Reading.Errors([.. Reading.Acme, ("Storage:ConnectionString", connectionString)]));

    [Fact]
    public void Secrets_stand_in_no_error_and_in_no_text_of_the_settings()
    {
        (string, string?)[] secrets =
        [
            ("Workspaces:acme:ApiKey", "s3cret"), ("Workspaces:acme:AppApiKey", "s3cret-app"),
            ("Admin:ApiKey", "s3cret-admin"), ("Admin:Keys:ann:Key", "s3cret-ann"), ("Storage:ConnectionString", "Data Source=x.db;Password=s3cret-password"),
        ];
        (string, string?)[] broken = [.. secrets.Select(pair => (pair.Item1, pair.Item2 + " ;s3cret\n="))];

        Assert.DoesNotContain("s3cret", string.Concat(Reading.Errors(broken)), StringComparison.Ordinal);
        var settings = Reading.Valid([("Workspaces:acme:SiteId", "site"), .. secrets]);
        Assert.DoesNotContain("s3cret", $"{settings}{settings.Admin}{settings.Admin.Keys[1]}{settings.Cluster}{settings.Workspaces["acme"]}", StringComparison.Ordinal);
    }

    [Fact]
    public void Two_spellings_of_one_workspace_are_refused()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Reading.Acme.Select(pair => KeyValuePair.Create($"Dispatcher:{pair.Key}", pair.Value)))
            .AddInMemoryCollection([KeyValuePair.Create("Dispatcher:Workspaces:ACME:ApiKey", (string?)"key")])
            .Build();

        Assert.Equal(
            ["Dispatcher:Workspaces:acme is also spelt ACME: expected one spelling in all sources."],
            Assert.IsType<SettingsResult.Invalid>(DispatcherSettingsReader.Read(configuration)).Errors);
    }

    [Fact]
    public void Later_sources_override_earlier_ones_key_by_key()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Reading.Acme.Select(pair => KeyValuePair.Create($"Dispatcher:{pair.Key}", pair.Value)))
            .AddCommandLine(["--Dispatcher:Workspaces:acme:ApiKey", "rotated"])
            .Build();

        var acme = Assert.IsType<SettingsResult.Valid>(DispatcherSettingsReader.Read(configuration)).Settings.Workspaces["acme"];
        Assert.Equal(("site", "rotated"), (acme.SiteId, acme.ApiKey));
    }

    [Fact]
    public void The_example_of_the_design_is_valid()
    {
        using var json = new MemoryStream("""
            { "Dispatcher": {
                "Storage": { "Provider": "Sqlite", "ConnectionString": "Data Source=data/cio.db" },
                "Cluster": { "Mode": "Embedded" },
                "Workspaces": { "acme": {
                    "SiteId": "site", "ApiKey": "key", "AppApiKey": "app-key", "Region": "US",
                    "TrackUrl": "http://127.0.0.1:5081", "AppUrl": "http://127.0.0.1:5081",
                    "Limits": { "identify": "100/1s", "track": "identify", "batch": "100/1s", "page": "100/1s",
                                "transactional-email": "100/1s", "transactional-push": "100/1s", "query": "10/1s", "broadcast": "1/10s" },
                    "Retry": { "MaxRetries": 5, "BaseDelay": "1s", "MaxDelay": "32s", "Jitter": 0.1 },
                    "Stamping": {},
                    "MaxConcurrency": 64 } } } }
            """u8.ToArray());

        Assert.IsType<SettingsResult.Valid>(DispatcherSettingsReader.Read(new ConfigurationBuilder().AddJsonStream(json).Build()));
    }
}
