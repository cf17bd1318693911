using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

/// <summary>A change to stored rows or to a workspace.</summary>
/// <param name="size">See <see cref="PendingWrite.Size"/>.</param>
/// <param name="wants">Requests the ids that the change needs.</param>
/// <param name="change">Adds the change to a transaction. Runs again if the transaction is repeated.</param>
/// <param name="outcome">The result once the change is stored; null for <see cref="WriteResult.Written"/>.</param>
internal sealed class RowWrite(int size, Action<CustomerIds> wants, Action<WriteBatch> change, Func<WriteResult>? outcome = null) : PendingWrite
{
    // A continuation must not run on the writer's task: the next group would wait for it.
    private readonly TaskCompletionSource<WriteResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<WriteResult> Result => _completion.Task;

    public override int Size => size;

    public override void CollectCustomers(CustomerIds customers) => wants(customers);

    public override void AddTo(WriteBatch batch) => change(batch);

    public override void Committed() => _completion.SetResult(outcome?.Invoke() ?? WriteResult.Written.Instance);

    public override void Failed(string reason, bool mayBeStored) => _completion.SetResult(new WriteResult.Unavailable(reason));
}
