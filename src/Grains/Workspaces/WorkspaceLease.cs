using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.RateLimiting;

namespace CioOrleans.Grains.Workspaces;

/// <summary>One activation's hold of its workspace's lease.</summary>
internal sealed class WorkspaceLease(ILeaseStore store, string workspace)
{
    private readonly string _owner = Guid.NewGuid().ToString("N");
    private LeaseGrant? _grant;

    // One object, so that a reader on another thread sees all of one renewal.
    private volatile Renewal? _renewal;

    /// <summary>Of the lease held, or held last.</summary>
    public long Epoch { get; private set; }

    /// <summary>Whether it was taken, and neither lost nor given back.</summary>
    public bool IsHeld => _grant is not null;

    /// <summary>The lease clock.</summary>
    public TimeSpan Now => store.Now;

    /// <summary>Takes the lease. Returns for how long a predecessor may still be sending, and what it handed over.</summary>
    /// <param name="longestRequest">The longest request, which must fit into the lease.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="InvalidOperationException">The store's leases are too short: nothing could ever be sent under them.</exception>
    public async ValueTask<(TimeSpan QuietFor, InheritedTokens? Tokens)> AcquireAsync(TimeSpan longestRequest, CancellationToken cancellation)
    {
        var askedAt = store.Now;
        var grant = await store.AcquireAsync(workspace, _owner, cancellation);
        if (!LeaseTerms.CanGrant(grant.ExpiresAt - askedAt, longestRequest))
        {
            throw new InvalidOperationException(
                $"Workspace '{workspace}': a lease of {(grant.ExpiresAt - askedAt).TotalSeconds:0.#} s is too short for requests of up to {longestRequest.TotalSeconds:0.#} s and a renewal each {LeaseTerms.RenewEvery.TotalSeconds:0.#} s; nothing could be sent.");
        }

        _grant = grant;
        _renewal = new Renewal(grant, askedAt);
        Epoch = _grant.Epoch;
        var quietFor = _grant.PredecessorEndsAt - store.Now;
        return quietFor > TimeSpan.Zero
            ? (quietFor, null)
            : (TimeSpan.Zero, InheritedTokens.Read(_grant.HandOver, store.Now));
    }

    /// <summary>Prolongs it. False when another owner has taken it; one that was given back needs nothing.</summary>
    public async ValueTask<bool> RenewAsync(CancellationToken cancellation)
    {
        if (_grant is not { } held)
        {
            return true;
        }

        var askedAt = store.Now;
        var renewed = await store.RenewAsync(workspace, _owner, held.Epoch, cancellation);
        _grant = renewed;
        _renewal = renewed is null ? null : new Renewal(renewed, askedAt);
        return renewed is not null;
    }

    /// <summary>The lease for the metrics; null where none is held. Safe for use from all threads.</summary>
    public LeaseGauges? Measure()
    {
        var now = store.Now;
        return _renewal is { } renewal ? new LeaseGauges(renewal.Grant.Epoch, now - renewal.AskedAt, renewal.Grant.ExpiresAt - now) : null;
    }

    /// <summary>Whether a request that may last as long as <paramref name="longestRequest"/> still fits in.</summary>
    public bool Holds(TimeSpan longestRequest) => _grant is { } held && store.Now + longestRequest < held.ExpiresAt;

    /// <summary>By the lease clock: until when an attempt under a permit that is granted now may begin.</summary>
    public TimeSpan LatestStart(TimeSpan longestRequest, TimeSpan permitLife)
    {
        var byLife = store.Now + permitLife;
        var byLease = (_grant?.ExpiresAt ?? TimeSpan.Zero) - longestRequest;
        return byLife < byLease ? byLife : byLease;
    }

    /// <summary>Gives it back. Only after everything sent under it has ended.</summary>
    /// <param name="schedules">For the next owner.</param>
    public async ValueTask ReleaseAsync(IReadOnlyList<LimitSchedule> schedules)
    {
        if (_grant is { } held)
        {
            _grant = null;
            _renewal = null;
            await store.ReleaseAsync(workspace, _owner, held.Epoch, InheritedTokens.Write(schedules));
        }
    }

    private sealed record Renewal(LeaseGrant Grant, TimeSpan AskedAt);
}
