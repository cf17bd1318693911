using System.Text;
using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class EffectiveSettingsTests
{
    private const string Secret = "do-not-tell";

    [Fact]
    public void Each_setting_says_where_its_value_comes_from()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes("""{"Dispatcher":{"Logging":{"Json":"true"},"Shutdown":{"Notice":"1s"}}}"""));
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(json)
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Dispatcher:Workspaces:acme:SiteId"] = "site", ["Dispatcher:Workspaces:acme:ApiKey"] = Secret })
            .AddCommandLine(["--Dispatcher:Shutdown:Notice=2s"])
            .Build();

        var settings = EffectiveSettings.Read(configuration).ToDictionary(setting => setting.Key);

        Assert.Equal(("2s", "command line"), (settings["Dispatcher:Shutdown:Notice"].Value, settings["Dispatcher:Shutdown:Notice"].Source));
        Assert.Equal(("2160h", "default"), (settings["Dispatcher:Admin:KeepAudit"].Value, settings["Dispatcher:Admin:KeepAudit"].Source));
        Assert.Equal("site", settings["Dispatcher:Workspaces:acme:SiteId"].Value);
        Assert.Null(settings["Dispatcher:Workspaces:acme:AppApiKey"].Value);
        Assert.False(settings["Dispatcher:Workspaces:acme:AppApiKey"].IsSecret);
        Assert.All(settings.Values, setting => Assert.NotEmpty(setting.Meaning));
    }

    /// <summary>Each setting whose text may be a secret is given one; none of it may be in what an operator sees.</summary>
    [Fact]
    public void No_secret_is_told_whatever_setting_holds_it()
    {
        string[] secrets =
        [
            "Storage:ConnectionString", "Cluster:ConnectionString", "Admin:ApiKey", "Admin:Keys:ann:Key", "Workspaces:acme:ApiKey", "Workspaces:acme:AppApiKey",
            "Workspaces:acme:ServiceToken", "Workspaces:acme:PipelinesWriteKey", "Workspaces:acme:Pipelines:Browser:WriteKey",
        ];
        var given = secrets.ToDictionary(
            path => $"Dispatcher:{path}",
            path => (string?)(path.EndsWith("ConnectionString", StringComparison.Ordinal) ? $"Host=db;Username=u;Password={Secret}" : $"{Secret}-{path}"));
        given["Dispatcher:Storage:Provider"] = "Postgres";
        given["Dispatcher:Cluster:Mode"] = "Silo";
        given["Dispatcher:Workspaces:acme:TrackUrl"] = $"https://user:{Secret}@track.customer.io";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(given).Build();

        var settings = EffectiveSettings.Read(configuration);

        Assert.DoesNotContain(Secret, string.Join('\n', settings), StringComparison.Ordinal);
        Assert.Equal(
            secrets.Order(StringComparer.Ordinal),
            settings.Where(setting => setting.IsSecret).Select(setting => setting.Key["Dispatcher:".Length..]).Except(["Workspaces:acme:TrackUrl"]).Order(StringComparer.Ordinal));
    }
}
