using CioOrleans.Grains.Operating;
using CioOrleans.Operating;

namespace CioOrleans.Sqlite.Outbox;

public sealed partial class SqliteOutbox
{
    public ValueTask<QueueSummaries> ReadQueuesAsync(string workspace, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadQueues(workspace, limit, cancellation), cancellation);

    public ValueTask<IReadOnlyList<StoredImport>> ReadImportsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadImports(workspace, before, limit), cancellation);

    public ValueTask<IReadOnlyList<AnsweredSend>> ReadAnsweredSendsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadAnsweredSends(workspace, before, limit), cancellation);

    public ValueTask<WaitingSends> ReadWaitingSendsAsync(string workspace, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadWaitingSends(workspace, limit), cancellation);
}
