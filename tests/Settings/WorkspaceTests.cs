using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Settings.Tests;

public sealed class WorkspaceTests
{
    [Fact]
    public void Imports_are_kept_for_a_month_unless_told_otherwise()
    {
        Assert.Equal(TimeSpan.FromHours(720), Reading.Workspace().KeepImports);
        Assert.Equal(TimeSpan.FromHours(48), Reading.Workspace(("Imports:Keep", "48h")).KeepImports);
        Assert.Equal(
            ["Dispatcher:Workspaces:acme:Imports:Keep = '10m': expected a duration from 1h to 8760h, such as '250ms', '1s' or '2m'."],
            Reading.WorkspaceErrors(("Imports:Keep", "10m")));
    }

    [Fact]
    public void Dead_letters_are_kept_for_ever_unless_told_otherwise()
    {
        Assert.Equal(DeadLetterPolicy.Continue, Reading.Workspace().OnDeadLetter);
        Assert.Equal(DeadLetterPolicy.Hold, Reading.Workspace(("OnDeadLetter", "Hold")).OnDeadLetter);
        Assert.Null(Reading.Workspace().KeepDeadLetters);
        Assert.Equal(TimeSpan.FromHours(720), Reading.Workspace(("DeadLetters:Keep", "720h")).KeepDeadLetters);
        Assert.Equal(
            ["Dispatcher:Workspaces:acme:DeadLetters:Keep = '0s': expected a duration from 1h to 87600h, such as '250ms', '1s' or '2m'."],
            Reading.WorkspaceErrors(("DeadLetters:Keep", "0s")));
    }

    [Fact]
    public void Credentials_alone_make_a_workspace_with_every_default()
    {
        var settings = Reading.Valid(Reading.Acme);
        var acme = settings.Workspaces["acme"];

        Assert.False(settings.IsDemo);
        Assert.False(settings.Sandbox.Enabled);
        Assert.Equal("acme", settings.Api.DefaultWorkspace);
        Assert.Equal(("acme", "site", "key", null), (acme.Name, acme.SiteId, acme.ApiKey, acme.AppApiKey));
        Assert.Equal("https://track.customer.io/", acme.TrackUrl.ToString());
        Assert.Equal("https://api.customer.io/", acme.AppUrl.ToString());
        Assert.Equal(new RetrySettings(), acme.Retry);
        Assert.Equal(new StampingSettings(), acme.Stamping);
        Assert.Equal(new BatchingSettings(), acme.Batching);
        Assert.Equal(new DeduplicationSettings(), acme.Deduplication);
        Assert.Equal(TokenReturn.AfterResponse, acme.TokenReturn);
        Assert.Equal(64, acme.MaxConcurrency);
        Assert.Equal(TimeSpan.FromSeconds(10), acme.AttemptTimeout);
    }

    [Fact]
    public void Every_key_of_a_workspace_is_read()
    {
        var acme = Reading.Workspace(
            ("AppApiKey", "app-key"), ("Region", "eu"), ("TokenReturn", "aftersend"), ("MaxConcurrency", "10000"), ("AttemptTimeout", "00:01:00"),
            ("Retry:MaxRetries", "0"), ("Retry:BaseDelay", "10ms"), ("Retry:MaxDelay", "1h"), ("Retry:Jitter", "1"),
            ("Stamping:EventId", "false"), ("Stamping:EventTimestamp", "False"), ("Stamping:IdentifyTimestamp", "FALSE"),
            ("Batching:Mode", "all"), ("Batching:MaxItems", "1"), ("Batching:MaxBytes", "32768"), ("Batching:Linger", "0s"),
            ("Deduplication:Enabled", "false"), ("Deduplication:SdkRetries", "true"), ("Deduplication:SdkRetryWindow", "10m"));

        Assert.Equal("app-key", acme.AppApiKey);
        Assert.Equal("https://track-eu.customer.io/", acme.TrackUrl.ToString());
        Assert.Equal("https://api-eu.customer.io/", acme.AppUrl.ToString());
        Assert.Equal(TokenReturn.AfterSend, acme.TokenReturn);
        Assert.Equal(10_000, acme.MaxConcurrency);
        Assert.Equal(TimeSpan.FromMinutes(1), acme.AttemptTimeout);
        Assert.Equal(new RetrySettings { MaxRetries = 0, BaseDelay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromHours(1), Jitter = 1 }, acme.Retry);
        Assert.Equal(new StampingSettings { EventId = false, EventTimestamp = false, IdentifyTimestamp = false }, acme.Stamping);
        Assert.Equal(new BatchingSettings { Mode = BatchingMode.All, MaxItems = 1, MaxBytes = 32_768, Linger = TimeSpan.Zero }, acme.Batching);
        Assert.Equal(new DeduplicationSettings { Enabled = false, SdkRetries = true, SdkRetryWindow = TimeSpan.FromMinutes(10) }, acme.Deduplication);
    }

    [Fact]
    public void Browsers_are_served_where_a_write_key_and_origins_are_given()
    {
        Assert.Null(Reading.Workspace().Browser);
        var browser = Reading.Workspace(
            ("Pipelines:Browser:WriteKey", "public"), ("Pipelines:Browser:Origins", "https://WWW.example.com:443, http://größe.example:8080"),
            ("Pipelines:Browser:Rate", "5/2s"), ("Pipelines:Browser:MaxQueued", "64")).Browser!;

        Assert.Equal(("public", new RateLimit(5, TimeSpan.FromSeconds(2)), 64), (browser.WriteKey, browser.Rate, browser.MaxQueued));
        Assert.Equal(["https://www.example.com", "http://xn--gre-6ka8i.example:8080"], browser.Origins);
        Assert.Equal(
            ["Dispatcher:Workspaces:acme:Pipelines:Browser:Origins is missing: expected WriteKey and Origins together, or neither."],
            Reading.WorkspaceErrors(("Pipelines:Browser:WriteKey", "public")));
        Assert.StartsWith(
            "Dispatcher:Workspaces:acme:Pipelines:Browser:Origins = 'https://x.example/path': expected origins",
            Assert.Single(Reading.WorkspaceErrors(("Pipelines:Browser:WriteKey", "public"), ("Pipelines:Browser:Origins", "https://x.example/path"))),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "same-key",
            Assert.Single(Reading.WorkspaceErrors(("PipelinesWriteKey", "same-key"), ("Pipelines:Browser:WriteKey", "same-key"), ("Pipelines:Browser:Origins", "*"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Back_pressure_is_off_until_it_is_configured()
    {
        Assert.False(Reading.Workspace().BackPressure.IsOn);
        Assert.Equal(
            new BackPressureSettings { MaxQueued = 5_000_000, MaxAge = TimeSpan.FromHours(2), MinFreeDisk = 500L << 20 },
            Reading.Workspace(("BackPressure:MaxQueued", "5000000"), ("BackPressure:MaxAge", "2h"), ("BackPressure:MinFreeDisk", "500 MB")).BackPressure);
        Assert.Equal(2L << 30, Reading.Workspace(("BackPressure:MinFreeDisk", "2gb")).BackPressure.MinFreeDisk);
        Assert.False(Reading.Workspace(("BackPressure:MinFreeDisk", "0")).BackPressure.IsOn);
    }

    [Fact]
    public void Back_pressure_that_cannot_be_is_refused() => Assert.Equal(
        [
            "Dispatcher:Workspaces:acme:BackPressure:MaxQueued = '-1': expected a whole number from 0 to 2000000000.",
            "Dispatcher:Workspaces:acme:BackPressure:MaxAge = '721h': expected a duration from 0s to 720h, such as '250ms', '1s' or '2m'.",
            "Dispatcher:Workspaces:acme:BackPressure:MinFreeDisk = '500': expected a size such as '500MB' or '2GB', or 0.",
        ],
        Reading.WorkspaceErrors(("BackPressure:MaxQueued", "-1"), ("BackPressure:MaxAge", "721h"), ("BackPressure:MinFreeDisk", "500")));

    [Fact]
    public void A_url_that_is_given_overrides_the_regions_own()
    {
        var acme = Reading.Workspace(("Region", "EU"), ("TrackUrl", "http://127.0.0.1:5081"));

        Assert.Equal("http://127.0.0.1:5081/", acme.TrackUrl.ToString());
        Assert.Equal("https://api-eu.customer.io/", acme.AppUrl.ToString());
    }

    [Fact]
    public void An_empty_value_counts_as_not_given() =>
        Assert.Equal(64, Reading.Workspace(("MaxConcurrency", ""), ("AppApiKey", null), ("Retry", "")).MaxConcurrency);

    [Fact]
    public void A_base_delay_over_the_default_maximum_raises_the_maximum() =>
        Assert.Equal(TimeSpan.FromMinutes(2), Reading.Workspace(("Retry:BaseDelay", "2m")).Retry.MaxDelay);

    [Fact]
    public void Values_out_of_range_are_refused_with_key_value_and_range() => Assert.Equal(
        [
            "Dispatcher:Workspaces:acme:Region = 'APAC': expected US or EU.",
            "Dispatcher:Workspaces:acme:LimitProfile = '1': expected Default or Published.",
            "Dispatcher:Workspaces:acme:Retry:BaseDelay = '1': expected a duration from 10ms to 1h, such as '250ms', '1s' or '2m'.",
            "Dispatcher:Workspaces:acme:Retry:MaxRetries = '1001': expected a whole number from 0 to 1000.",
            "Dispatcher:Workspaces:acme:Retry:MaxDelay = '61m': expected a duration from 10ms to 1h, such as '250ms', '1s' or '2m'.",
            "Dispatcher:Workspaces:acme:Retry:Jitter = '1.1': expected a number from 0 to 1.",
            "Dispatcher:Workspaces:acme:Stamping:EventId = 'yes': expected true or false.",
            "Dispatcher:Workspaces:acme:Batching:Mode = 'v1': expected Off or V2Only or All.",
            "Dispatcher:Workspaces:acme:Batching:MaxItems = '1001': expected a whole number from 1 to 1000.",
            "Dispatcher:Workspaces:acme:Batching:MaxBytes = '500001': expected a whole number from 32768 to 500000.",
            "Dispatcher:Workspaces:acme:Batching:Linger = '2s': expected a duration from 0s to 1s, such as '250ms', '1s' or '2m'.",
            "Dispatcher:Workspaces:acme:Deduplication:SdkRetryWindow = '0s': expected a duration from 1s to 10m, such as '250ms', '1s' or '2m'.",
            "Dispatcher:Workspaces:acme:TokenReturn = 'never': expected AfterResponse or AfterSend.",
            "Dispatcher:Workspaces:acme:MaxConcurrency = '0': expected a whole number from 1 to 10000.",
            "Dispatcher:Workspaces:acme:AttemptTimeout = '99ms': expected a duration from 100ms to 1m, such as '250ms', '1s' or '2m'.",
        ],
        Reading.WorkspaceErrors(
            ("Region", "APAC"), ("LimitProfile", "1"), ("TokenReturn", "never"), ("MaxConcurrency", "0"), ("AttemptTimeout", "99ms"),
            ("Retry:MaxRetries", "1001"), ("Retry:BaseDelay", "1"), ("Retry:MaxDelay", "61m"), ("Retry:Jitter", "1.1"), ("Stamping:EventId", "yes"),
            ("Batching:Mode", "v1"), ("Batching:MaxItems", "1001"), ("Batching:MaxBytes", "500001"), ("Batching:Linger", "2s"), ("Deduplication:SdkRetryWindow", "0s")));

    [Fact]
    public void A_maximum_delay_under_the_base_delay_is_refused() => Assert.Equal(
        ["Dispatcher:Workspaces:acme:Retry:MaxDelay = '1s': expected at least BaseDelay, which is 2s."],
        Reading.WorkspaceErrors(("Retry:BaseDelay", "2s"), ("Retry:MaxDelay", "1s")));

    [Theory]
    [InlineData("track.customer.io")]
    [InlineData("ftp://track.customer.io")]
    [InlineData("https://track.customer.io/api/v1")]
    [InlineData("https://track.customer.io?x=1")]
    [InlineData("https://track.customer.io#x")]
    public void A_url_is_a_scheme_and_a_host_and_nothing_else(string url) => Assert.Equal(
        [$"Dispatcher:Workspaces:acme:TrackUrl = '{url}': expected http:// or https:// and a host, without path, query and user name."],
        Reading.WorkspaceErrors(("TrackUrl", url)));

    [Fact]
    public void A_url_that_may_hold_a_password_is_not_shown() => Assert.Equal(
        ["Dispatcher:Workspaces:acme:TrackUrl (value not shown): expected http:// or https:// and a host, without path, query and user name."],
        Reading.WorkspaceErrors(("TrackUrl", "https://user:password@track.customer.io")));

    [Fact]
    public void A_workspace_without_credentials_is_refused() => Assert.Equal(
        [
            "Dispatcher:Workspaces:acme:SiteId is missing: expected the workspace's Site ID: 1 to 200 visible ASCII characters without a colon.",
            "Dispatcher:Workspaces:acme:ApiKey is missing: expected 1 to 200 visible ASCII characters.",
        ],
        Reading.Errors(("Workspaces:acme:Region", "US")));

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("ärger")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_name_that_cannot_stand_in_a_key_is_refused(string name) => Assert.Equal(
        [$"Dispatcher:Workspaces:{name} is not a workspace's name: expected 1 to 64 of A-Z a-z 0-9 . _ - and not only dots."],
        Reading.Errors(($"Workspaces:{name}:SiteId", "site"), ($"Workspaces:{name}:ApiKey", "key")));

    [Fact]
    public void Two_workspaces_cannot_share_what_tells_their_callers_apart() => Assert.Equal(
        [
            "Dispatcher:Workspaces:beta:SiteId = 'site': expected another Site ID than workspace 'acme' has.",
            "Dispatcher:Workspaces:beta:AppApiKey (value not shown): expected another key than workspace 'acme' has.",
        ],
        Reading.Errors([
            .. Reading.Acme, ("Workspaces:acme:AppApiKey", "app"),
            ("Workspaces:beta:SiteId", "site"), ("Workspaces:beta:ApiKey", "other"), ("Workspaces:beta:AppApiKey", "app"),
        ]));

    [Fact]
    public void A_site_id_with_a_colon_could_not_be_told_from_its_key() => Assert.Equal(
        ["Dispatcher:Workspaces:acme:SiteId = 'a:b': expected the workspace's Site ID: 1 to 200 visible ASCII characters without a colon."],
        Reading.Errors(("Workspaces:acme:SiteId", "a:b"), ("Workspaces:acme:ApiKey", "key")));
}
