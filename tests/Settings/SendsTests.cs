using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Settings.Tests;

public sealed class SendsTests
{
    [Fact]
    public void Nothing_said_means_forwarded_at_once_with_eight_seconds_to_wait()
    {
        var acme = Reading.Workspace();

        Assert.Equal(new SendSettings(), acme.Sends);
        Assert.Equal((SendMode.Forward, TimeSpan.FromSeconds(8), UnknownOutcomeAnswer.DoNotRepeat), (acme.Sends.Mode, acme.Sends.Deadline, acme.Sends.UnknownOutcome));
        Assert.Equal(TimeSpan.FromHours(24), acme.Sends.KeepResults);
        Assert.Null(acme.PipelinesWriteKey);
        Assert.Equal("https://cdp.customer.io/", acme.PipelinesUrl.ToString());
    }

    [Fact]
    public void A_service_token_is_read_with_the_workspaces_number()
    {
        var acme = Reading.Workspace(("ServiceToken", "sa_live_1"), ("WorkspaceId", "123"), ("Sends:Host", "track"));

        Assert.Equal(("sa_live_1", "123", SendHost.Track), (acme.ServiceToken, acme.WorkspaceId, acme.Sends.Host));
    }

    [Theory]
    [InlineData("ServiceToken", "sa_live_1", "Dispatcher:Workspaces:acme:WorkspaceId is missing: expected ServiceToken and WorkspaceId together, or neither.")]
    [InlineData("WorkspaceId", "123", "Dispatcher:Workspaces:acme:ServiceToken is missing: expected ServiceToken and WorkspaceId together, or neither.")]
    [InlineData("Sends:Host", "Track", "Dispatcher:Workspaces:acme:Sends:Host = 'Track': expected App where the workspace has no ServiceToken, because the Track API's host takes messages with such a token only.")]
    public void Half_of_a_service_token_is_refused(string key, string value, string error) => Assert.Equal([error], Reading.Errors(
        ("Workspaces:acme:SiteId", "site"), ("Workspaces:acme:ApiKey", "key"), ($"Workspaces:acme:{key}", value)));

    [Fact]
    public void Every_key_of_sends_and_of_the_Pipelines_API_is_read()
    {
        var acme = Reading.Workspace(
            ("Sends:Mode", "durable"), ("Sends:Deadline", "1s"), ("Sends:UnknownOutcome", "asreceived"), ("Sends:Sms", "transactional-email"),
            ("Sends:InApp", "Transactional-Email"), ("Sends:InboxMessage", "transactional-push"), ("Sends:KeepResults", "720h"),
            ("Region", "EU"), ("PipelinesWriteKey", "write"));

        Assert.Equal(
            new SendSettings
            {
                Mode = SendMode.Durable,
                Deadline = TimeSpan.FromSeconds(1),
                UnknownOutcome = UnknownOutcomeAnswer.AsReceived,
                Sms = LimitClass.TransactionalEmail,
                InApp = LimitClass.TransactionalEmail,
                KeepResults = TimeSpan.FromHours(720),
            },
            acme.Sends);
        Assert.Equal("write", acme.PipelinesWriteKey);
        Assert.Equal("https://cdp-eu.customer.io/", acme.PipelinesUrl.ToString());
        Assert.Equal("http://127.0.0.1:5081/", Reading.Workspace(("PipelinesUrl", "http://127.0.0.1:5081")).PipelinesUrl.ToString());
    }

    [Theory]
    [InlineData("Sends:Mode", "Later", "Forward or Durable")]
    [InlineData("Sends:Deadline", "51s", "a duration from 1s to 50s, such as '250ms', '1s' or '2m'")]
    [InlineData("Sends:UnknownOutcome", "500", "DoNotRepeat or AsReceived")]
    [InlineData("Sends:Sms", "track", "transactional-push or transactional-email")]
    [InlineData("Sends:KeepResults", "1s", "a duration from 1m to 720h, such as '250ms', '1s' or '2m'")]
    public void A_wrong_value_is_named_with_what_is_allowed(string key, string value, string expected) =>
        Assert.Equal([$"Dispatcher:Workspaces:acme:{key} = '{value}': expected {expected}."], Reading.WorkspaceErrors((key, value)));

    [Fact]
    public void A_wrong_write_key_is_not_shown() => Assert.DoesNotContain(
        "secret",
        Assert.Single(Reading.WorkspaceErrors(("PipelinesWriteKey", "secret:with-colon"))),
        StringComparison.Ordinal);

    [Fact]
    public void Two_workspaces_have_two_write_keys() => Assert.Contains(
        "another key than workspace 'acme' has",
        Assert.Single(Reading.Errors([.. Reading.Acme, ("Workspaces:acme:PipelinesWriteKey", "same"), ("Workspaces:beta:SiteId", "s"), ("Workspaces:beta:ApiKey", "k"), ("Workspaces:beta:PipelinesWriteKey", "same")])),
        StringComparison.Ordinal);
}
