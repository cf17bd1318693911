using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

/// <summary>A change to stored rows or to a workspace.</summary>
/// <param name="size">See <see cref="PendingWrite.Size"/>.</param>
/// <param name="change">Makes the change. Runs again if the group is repeated.</param>
internal sealed class RowWrite(int size, Func<WriterSession, WriteResult> change) : PendingWrite
{
    // A continuation must not run on the writer's thread: the next group would wait for it.
    private readonly TaskCompletionSource<WriteResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriteResult _outcome = WriteResult.Written.Instance;

    public Task<WriteResult> Result => _completion.Task;

    public override int Size => size;

    public override void Apply(WriterSession session) => _outcome = change(session);

    public override void Committed() => _completion.SetResult(_outcome);

    public override void Failed(WriteFailure failure) => _completion.SetResult(new WriteResult.Unavailable(failure.Reason));
}
