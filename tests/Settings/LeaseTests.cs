using CioOrleans.Configuration;
using CioOrleans.Grains.Leasing;
using CioOrleans.Silo.Hosting;
using Microsoft.Extensions.Hosting;

namespace CioOrleans.Settings.Tests;

public sealed class LeaseTests
{
    private static readonly (string, string?)[] _postgres = [("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=127.0.0.1;Database=cio")];

    [Theory]
    [InlineData("100ms")]
    [InlineData("10s")]
    [InlineData("30s")]
    [InlineData("60s")]
    public void A_lease_lets_an_owner_grant_permits_with_every_attempt_timeout_that_is_allowed(string attemptTimeout)
    {
        var acme = Reading.Workspace(("AttemptTimeout", attemptTimeout));

        Assert.True(LeaseTerms.CanGrant(LeaseTerms.LengthFor(acme.AttemptTimeout), acme.LongestRequest));
    }

    [Fact]
    public void A_lease_that_ends_before_its_next_renewal_and_the_longest_request_grants_nothing()
    {
        var longest = TimeSpan.FromSeconds(12);

        Assert.False(LeaseTerms.CanGrant(longest + LeaseTerms.RenewEvery, longest));
        Assert.True(LeaseTerms.CanGrant(longest + LeaseTerms.RenewEvery + TimeSpan.FromTicks(1), longest));
    }

    [Theory]
    [InlineData(false, 0, "0s")]
    [InlineData(false, 99, "99ms")]
    [InlineData(true, 60_001, "60001ms")]
    [InlineData(true, -1, "-1ms")]
    public void Settings_made_in_code_whose_lease_could_grant_nothing_end_the_start_with_one_line(bool isPostgres, int milliseconds, string text)
    {
        var read = isPostgres ? Reading.Valid([.. Reading.Acme, .. _postgres]) : Reading.Valid(Reading.Acme);
        var settings = read with
        {
            Workspaces = new Dictionary<string, WorkspaceSettings> { ["acme"] = read.Workspaces["acme"] with { AttemptTimeout = TimeSpan.FromMilliseconds(milliseconds) } },
        };

        var refusal = Assert.Throws<ArgumentException>(() => Host.CreateApplicationBuilder().AddDispatcherSilo(settings));

        Assert.Equal(
            $"Dispatcher:Workspaces:acme:AttemptTimeout = '{text}': expected a duration from 100ms to 1m, such as '250ms', '1s' or '2m'. (Parameter 'settings')",
            refusal.Message);
    }
}
