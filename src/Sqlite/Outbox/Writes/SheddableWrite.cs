using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

/// <summary>A change that makes the outbox larger and that nobody waits for. It gives way to calls.</summary>
/// <param name="size">See <see cref="PendingWrite.Size"/>.</param>
/// <param name="change">Makes the change. Runs again if the group is repeated.</param>
internal sealed class SheddableWrite(int size, Action<WriterSession> change) : PendingWrite
{
    // A continuation must not run on the writer's thread: the next group would wait for it.
    private readonly TaskCompletionSource<WriteResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<WriteResult> Result => _completion.Task;

    public override int Size => size;

    public override bool MayBeShed => true;

    public override void Apply(WriterSession session) => change(session);

    public override void Committed() => _completion.SetResult(WriteResult.Written.Instance);

    public override void Failed(WriteFailure failure) => _completion.SetResult(new WriteResult.Unavailable(failure.Reason));
}
