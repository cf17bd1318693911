using System.Text.Json;
using System.Text.RegularExpressions;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery.Tracing;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Scheduling;
using CioOrleans.Grains.Workspaces;
using CioOrleans.Limits;
using CioOrleans.Silo.Hosting;
using CioOrleans.Silo.Members;
using CioOrleans.Testing.Processes;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace CioOrleans.Operating.Tests;

/// <summary>The dashboard and the alert rules of deploy/ ask only for what <c>/metrics</c> has.</summary>
[Collection(MetricsCollection.Name)]
public sealed partial class DashboardTests : IAsyncLifetime
{
    /// <summary>What Prometheus itself adds to each target.</summary>
    private static readonly string[] _prometheusMetrics = ["up"];
    private static readonly string[] _prometheusLabels = ["job", "instance", "le"];

    private static readonly string[] _severities = ["warning", "critical"];

    private static readonly WorkspaceSettings _settings = new()
    {
        Name = "acme", SiteId = "site", ApiKey = "key", TrackUrl = new Uri("http://127.0.0.1:1"), AppUrl = new Uri("http://127.0.0.1:1"), LimitGroups = [],
    };

    private static readonly Call _call = new()
    {
        Id = default, Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/", Headers = [], Body = [], AcceptedAt = default,
    };

    private Host _host = null!;

    public async ValueTask InitializeAsync() => _host = await Host.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_dashboard_asks_only_for_metrics_and_labels_that_exist()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(InDeploy("grafana", "cio-orleans.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row").ToList();
        var expressions = panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!).ToList();

        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
        var annotations = dashboard.RootElement.GetProperty("annotations").GetProperty("list").EnumerateArray().Select(annotation => annotation.GetProperty("expr").GetString()!);
        await AssertAreKnownAsync([.. expressions, .. annotations]);
    }

    [Fact]
    public async Task The_alert_rules_ask_only_for_metrics_and_labels_that_exist()
    {
        var file = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<RuleFile>(await File.ReadAllTextAsync(InDeploy("prometheus", "cio-orleans.rules.yml")));
        var rules = file.Groups.SelectMany(group => group.Rules).ToList();

        Assert.All(rules, rule =>
        {
            Assert.Contains(rule.Labels["severity"], _severities);
            Assert.Equal(["description", "summary"], rule.Annotations.Keys.Order(StringComparer.Ordinal));
        });
        Assert.Equal(rules.Count, rules.Select(rule => rule.Alert).Distinct().Count());
        await AssertAreKnownAsync([.. rules.Select(rule => rule.Expr)]);
    }

    private static string InDeploy(string folder, string name) => Path.Combine(BuildPaths.Repository, "deploy", folder, name);

    private async Task AssertAreKnownAsync(IReadOnlyList<string> expressions)
    {
        var (metrics, labels) = await ScrapeAsync();

        Assert.Empty(expressions.SelectMany(text => MetricName().Matches(text)).Select(match => match.Value).Distinct().Except([.. metrics, .. _prometheusMetrics]));
        Assert.Empty(expressions.SelectMany(Labels).Distinct().Except([.. labels, .. _prometheusLabels]));
        Assert.All(expressions, text => Assert.Matches(MetricName(), text));
    }

    /// <summary>The labels in selectors and groupings.</summary>
    private static IEnumerable<string> Labels(string expression) =>
        Selector().Matches(expression).SelectMany(match => Matcher().Matches(match.Groups[1].Value)).Select(match => match.Groups[1].Value)
            .Concat(Grouping().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));

    /// <summary>The names of the samples, and of their labels, once each instrument has measured something.</summary>
    private async Task<(HashSet<string> Metrics, HashSet<string> Labels)> ScrapeAsync()
    {
        var acme = _host.Metrics.Of("acme");
        acme.Accepted(LimitClass.Track, CallKind.Event);
        acme.Delivered(LimitClass.Track, CallKind.Event, TimeSpan.FromMilliseconds(20));
        acme.Duplicate(LimitClass.Track, CallKind.Event);
        acme.DeadLettered(LimitClass.Track, CallKind.Event);
        acme.Discarded(LimitClass.Track, CallKind.Event);
        acme.Postponed(LimitClass.Track);
        acme.Throttled(LimitClass.Track);
        acme.HeadersIgnored(LimitClass.Track, 1);
        acme.Permitted(LimitClass.Track, TimeSpan.Zero);
        acme.OutageBegan();
        _host.Refusals.Refused(RefusalReason.TooLarge);
        var track = new HostStatus(UpstreamHost.Track, HostState.Normal, DateTimeOffset.UnixEpoch, null, null, 0, 1);
        using var watch = _host.Metrics.Watch(
            "acme", () => new WorkspaceGauges(0, 0, 0, 0, false, [track]) { Limits = [new LimitUse(LimitClass.Track, 0)] }, () => new LeaseGauges(1, TimeSpan.Zero, TimeSpan.Zero));
        var membership = Substitute.For<IClusterMembershipService>();
        membership.CurrentSnapshot.Returns(new ClusterMembershipSnapshot([], default));
        _ = new MemberMetrics(_host.Meters, membership, new LocalWorkspaces());
        using var keeper = new HistoryKeeper(Substitute.For<IHistoryStore>(), null!, new HistorySettings(), _host.Meters, TimeProvider.System, NullLogger<HistoryKeeper>.Instance);
        new AcceptScope(TimeProvider.System, "acme", _call, 1).End();
        AttemptScope.OfCall(TimeProvider.System, _settings, _call, 1).End(200, null);

        var (_, body) = await _host.SendAsync("GET", "/metrics");
        var samples = body.Split('\n').Where(line => line.StartsWith("cio_", StringComparison.Ordinal)).ToList();
        return (
            [.. samples.Select(line => line[..line.IndexOfAny(['{', ' '])])],
            [.. samples.SelectMany(Labels)]);
    }

    [GeneratedRegex(@"\b(?:cio_\w+|up)\b(?!"")")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)\s*""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    private sealed class RuleFile
    {
        public List<RuleGroup> Groups { get; set; } = [];
    }

    private sealed class RuleGroup
    {
        public string Name { get; set; } = "";

        public List<Rule> Rules { get; set; } = [];
    }

    private sealed class Rule
    {
        public string Alert { get; set; } = "";

        public string Expr { get; set; } = "";

        public string For { get; set; } = "";

        public Dictionary<string, string> Labels { get; set; } = [];

        public Dictionary<string, string> Annotations { get; set; } = [];
    }
}
