using CioOrleans.Configuration;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Workspaces;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace CioOrleans.Rules.Tests.Workspaces;

public sealed class PermitTermsTests
{
    private static readonly WorkspaceSettings _settings = new()
    {
        Name = "acme",
        SiteId = "site",
        ApiKey = "key",
        TrackUrl = new Uri("http://127.0.0.1:1"),
        AppUrl = new Uri("http://127.0.0.1:1"),
        LimitGroups = [],
        AttemptTimeout = TimeSpan.FromSeconds(10),
    };

    private readonly FakeTimeProvider _time = new();
    private readonly ILeaseStore _store = Substitute.For<ILeaseStore>();
    private readonly WorkspaceLease _lease;
    private readonly PermitTerms _terms;

    public PermitTermsTests()
    {
        _store.Now.Returns(TimeSpan.FromSeconds(100));
        _store.AcquireAsync(default!, default!, default).ReturnsForAnyArgs(new LeaseGrant(3, TimeSpan.FromSeconds(113), TimeSpan.Zero));
        _lease = new WorkspaceLease(_store, "acme");
        _terms = new PermitTerms(_settings, _lease, _time);
    }

    [Fact]
    public async Task A_permit_is_granted_only_while_its_longest_request_fits_into_the_lease()
    {
        Assert.False(_terms.CanGrant);
        await _lease.AcquireAsync(_settings.LongestRequest, CancellationToken.None);
        Assert.True(_terms.CanGrant);

        // 10 s of the attempt and 2 s of packet life before the end at 113 s.
        _store.Now.Returns(TimeSpan.FromSeconds(100.999));
        Assert.True(_terms.CanGrant);
        _store.Now.Returns(TimeSpan.FromSeconds(101));
        Assert.False(_terms.CanGrant);
    }

    [Fact]
    public async Task A_permit_ends_after_its_life_or_before_the_lease_by_its_longest_request()
    {
        await _lease.AcquireAsync(_settings.LongestRequest, CancellationToken.None);

        var permit = _terms.Grant(LimitClass.Batch);

        Assert.Equal((3, LimitClass.Batch, TimeSpan.FromSeconds(101), TimeSpan.FromSeconds(10)), (permit.Epoch, permit.LimitClass, permit.ExpiresAt, permit.AttemptTimeout));
        Assert.Equal(TimeSpan.FromSeconds(100), permit.GrantedAt);

        _store.RenewAsync(default!, default!, default, default).ReturnsForAnyArgs(new LeaseGrant(3, TimeSpan.FromSeconds(200), TimeSpan.Zero));
        await _lease.RenewAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.FromSeconds(102), _terms.Grant(LimitClass.Batch).ExpiresAt);
    }

    [Fact]
    public void A_request_has_ended_once_the_life_of_its_permit_its_longest_request_and_the_overhead_have_passed()
    {
        var granted = _time.GetTimestamp();
        Assert.Equal(TimeSpan.FromSeconds(2 + 12 + 1), _terms.UntilEnded(granted));

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(TimeSpan.FromSeconds(1), _terms.UntilEnded(granted));

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.Zero, _terms.UntilEnded(granted));
        Assert.Equal(TimeSpan.FromSeconds(2 + 10 + 1), _terms.LongestForwarded);
    }
}
