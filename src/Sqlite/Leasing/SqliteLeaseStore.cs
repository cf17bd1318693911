using CioOrleans.Attempts;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;
using CioOrleans.Sqlite.Outbox;

namespace CioOrleans.Sqlite.Leasing;

/// <summary>
/// Leases where one process holds the outbox's file: the file's lock proves that every predecessor in another process is dead,
/// so only the epoch, and whether the last lease was given back, need storage. Who holds what is judged in memory.
/// </summary>
/// <param name="outbox">Stores the epochs.</param>
/// <param name="lengthOf">How long a workspace's lease lasts without a renewal; see <see cref="LeaseTerms.LengthFor"/>.</param>
/// <param name="time">The monotonic clock.</param>
public sealed class SqliteLeaseStore(SqliteOutbox outbox, Func<string, TimeSpan> lengthOf, TimeProvider time) : ILeaseStore, ILeaseRegister, IDisposable
{
    /// <summary>How long requests of a process that has died may still arrive: its death reset their connections.</summary>
    public static readonly TimeSpan Afterlife = RequestEnd.PacketLife;

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, SqliteLease> _leases = new(StringComparer.Ordinal);

    /// <summary>One change at a time: epochs come out of storage in the order in which they are noted here.</summary>
    private readonly SemaphoreSlim _gate = new(1);

    public TimeSpan Now => time.GetElapsedTime(_started);

    public ClockBounds Bounds => ClockBounds.Exactly(Now);

    public ValueTask<ClockBounds> ReadAsync() => new(Bounds);

    /// <exception cref="IOException">The epoch could not be stored.</exception>
    public async ValueTask<LeaseGrant> AcquireAsync(string workspace, string owner, CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var (epoch, predecessorReleased) = (0L, false);
            if (await outbox.Post(session => (epoch, predecessorReleased) = session.TakeLease(workspace)).ConfigureAwait(false) is WriteResult.Unavailable(var reason))
            {
                throw new IOException(reason);
            }

            var predecessorsEnd = _leases.TryGetValue(workspace, out var before) ? before.EveryoneEndsAt
                : predecessorReleased ? TimeSpan.Zero
                : Now + Afterlife;
            var now = Now;
            var lease = new SqliteLease(owner, epoch, now + lengthOf(workspace), predecessorsEnd) { TakenAt = now };
            _leases[workspace] = lease;
            return new LeaseGrant(lease.Epoch, lease.ExpiresAt, predecessorsEnd);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask<LeaseGrant?> RenewAsync(string workspace, string owner, long epoch, CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Held(workspace, owner, epoch) is not { } held)
            {
                return null;
            }

            var renewed = held with { ExpiresAt = Now + lengthOf(workspace) };
            _leases[workspace] = renewed;
            return new LeaseGrant(epoch, renewed.ExpiresAt, renewed.PredecessorsEndAt);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask ReleaseAsync(string workspace, string owner, long epoch, string? handOver = null, CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Held(workspace, owner, epoch) is not { } held)
            {
                return;
            }

            _leases[workspace] = held with { IsReleased = true };

            // One that never gave its lease back may be sending even now; should this process die, its requests outlive it.
            if (held.PredecessorsEndAt <= Now)
            {
                // Should this not be stored, the next process waits in vain.
                await outbox.Post(session => session.ReleaseLease(workspace, epoch)).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask<IReadOnlyList<LeaseRecord>> ReadLeasesAsync(CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return
            [
                .. _leases.Where(lease => !lease.Value.IsReleased).OrderBy(lease => lease.Key, StringComparer.Ordinal).Select(lease => new LeaseRecord(
                    lease.Key, null, lease.Value.Epoch, Now - lease.Value.TakenAt, Now - (lease.Value.ExpiresAt - lengthOf(lease.Key)))),
            ];
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private SqliteLease? Held(string workspace, string owner, long epoch) =>
        _leases.TryGetValue(workspace, out var lease) && lease.Epoch == epoch && lease.Owner == owner && !lease.IsReleased ? lease : null;
}
