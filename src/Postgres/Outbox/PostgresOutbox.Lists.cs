using CioOrleans.Grains.Operating;
using CioOrleans.Operating;

namespace CioOrleans.Postgres.Outbox;

public sealed partial class PostgresOutbox
{
    public async ValueTask<QueueSummaries> ReadQueuesAsync(string workspace, int limit, CancellationToken cancellation = default) =>
        await _lists.ReadQueuesAsync(workspace, limit, cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StoredImport>> ReadImportsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        await _lists.ReadImportsAsync(workspace, before, limit, cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AnsweredSend>> ReadAnsweredSendsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        await _lists.ReadAnsweredSendsAsync(workspace, before, limit, cancellation).ConfigureAwait(false);

    public async ValueTask<WaitingSends> ReadWaitingSendsAsync(string workspace, int limit, CancellationToken cancellation = default) =>
        await _lists.ReadWaitingSendsAsync(workspace, limit, cancellation).ConfigureAwait(false);
}
