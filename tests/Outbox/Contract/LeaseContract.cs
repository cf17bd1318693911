namespace CioOrleans.Outbox.Tests.Contract;

public abstract class LeaseContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task The_first_owner_has_no_predecessor_to_wait_for()
    {
        var grant = await Leases.AcquireAsync(Workspace, "a");

        Assert.True(grant.PredecessorEndsAt <= Leases.Now);
        Assert.True(grant.ExpiresAt > Leases.Now);
    }

    [Fact]
    public async Task Epochs_rise_with_each_owner_and_through_reopening()
    {
        var first = await Leases.AcquireAsync(Workspace, "a");
        var second = await Leases.AcquireAsync(Workspace, "b");
        await Leases.ReleaseAsync(Workspace, "b", second.Epoch);
        await ReopenAsync();
        var third = await Leases.AcquireAsync(Workspace, "a");

        Assert.True(first.Epoch < second.Epoch);
        Assert.True(second.Epoch < third.Epoch);
    }

    [Fact]
    public async Task Who_takes_a_lease_over_waits_until_the_predecessors_has_ended()
    {
        var first = await Leases.AcquireAsync(Workspace, "a");
        var renewed = await Leases.RenewAsync(Workspace, "a", first.Epoch);
        var second = await Leases.AcquireAsync(Workspace, "b");

        Assert.NotNull(renewed);
        Assert.Equal(first.Epoch, renewed.Epoch);
        Assert.True(renewed.ExpiresAt >= first.ExpiresAt);
        Assert.True(second.PredecessorEndsAt >= renewed.ExpiresAt);
    }

    [Fact]
    public async Task A_lost_lease_cannot_be_renewed()
    {
        var first = await Leases.AcquireAsync(Workspace, "a");
        var second = await Leases.AcquireAsync(Workspace, "b");

        Assert.Null(await Leases.RenewAsync(Workspace, "a", first.Epoch));
        Assert.NotNull(await Leases.RenewAsync(Workspace, "b", second.Epoch));
        Assert.Null(await Leases.RenewAsync(Workspace, "a", second.Epoch));
    }

    [Fact]
    public async Task A_lease_that_was_given_back_lets_the_next_owner_start_at_once()
    {
        var first = await Leases.AcquireAsync(Workspace, "a");
        await Leases.ReleaseAsync(Workspace, "a", first.Epoch);

        Assert.Null(await Leases.RenewAsync(Workspace, "a", first.Epoch));
        Assert.True((await Leases.AcquireAsync(Workspace, "b")).PredecessorEndsAt <= Leases.Now);
    }

    [Fact]
    public async Task A_release_by_an_owner_who_has_lost_the_lease_changes_nothing()
    {
        var first = await Leases.AcquireAsync(Workspace, "a");
        var second = await Leases.AcquireAsync(Workspace, "b");

        await Leases.ReleaseAsync(Workspace, "a", first.Epoch);

        Assert.NotNull(await Leases.RenewAsync(Workspace, "b", second.Epoch));
        Assert.True((await Leases.AcquireAsync(Workspace, "c")).PredecessorEndsAt >= second.ExpiresAt);
    }

    [Fact]
    public async Task A_release_does_not_vouch_for_a_predecessor_that_never_released()
    {
        var first = await Leases.AcquireAsync(Workspace, "a");
        var second = await Leases.AcquireAsync(Workspace, "b");
        await Leases.ReleaseAsync(Workspace, "b", second.Epoch);

        Assert.True((await Leases.AcquireAsync(Workspace, "c")).PredecessorEndsAt >= first.ExpiresAt);
    }

    [Fact]
    public async Task Workspaces_have_leases_of_their_own()
    {
        var acme = await Leases.AcquireAsync(Workspace, "a");
        await Leases.AcquireAsync("other", "b");

        Assert.NotNull(await Leases.RenewAsync(Workspace, "a", acme.Epoch));
    }
}
