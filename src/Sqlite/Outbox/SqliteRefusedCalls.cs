using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;
using CioOrleans.Sqlite.Outbox.Writes;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>The refused calls in the outbox's file.</summary>
/// <param name="outbox">The outbox. It writes and reads.</param>
public sealed class SqliteRefusedCalls(SqliteOutbox outbox) : IRefusedCallStore
{
    public ValueTask<WriteResult> KeepRefusedAsync(string workspace, IReadOnlyList<RefusedCall> calls) =>
        outbox.PostSheddable(session => session.KeepRefused(workspace, calls), calls.Sum(call => PendingWrite.RowSize + call.Problem.Length + call.Body.Length));

    public ValueTask<IReadOnlyList<RefusedCall>> ReadRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        outbox.ReadLong(reader => reader.ReadRefused(workspace, before, limit), cancellation);

    public ValueTask<RefusedCall?> FindRefusedAsync(string workspace, Ulid id, CancellationToken cancellation = default) =>
        outbox.ReadLong(reader => reader.FindRefused(workspace, id), cancellation);

    public ValueTask<IReadOnlyList<Ulid>> FindRefusedOfAsync(string workspace, string person, int limit, CancellationToken cancellation = default) =>
        outbox.ReadLong(reader => reader.FindRefusedOf(workspace, person, limit), cancellation);

    public ValueTask<IReadOnlyList<RefusedSize>> ReadOldestRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        outbox.ReadLong(reader => reader.ReadOldestRefused(workspace, before, limit), cancellation);

    public ValueTask<RefusedTotal> CountRefusedAsync(string workspace, CancellationToken cancellation = default) =>
        outbox.ReadLong(reader => reader.CountRefused(workspace), cancellation);

    public async ValueTask<int> DeleteRefusedAsync(string workspace, IReadOnlyList<Ulid> ids)
    {
        var deleted = 0;
        var written = await outbox.Post(session => { deleted = session.DeleteRefused(workspace, ids); }, PendingWrite.RowSize * ids.Count).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : deleted;
    }
}
