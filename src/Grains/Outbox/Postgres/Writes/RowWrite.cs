namespace CioOrleans.Outbox.Postgres.Writes;

/// <summary>A change to stored rows or to a workspace.</summary>
internal abstract class RowWrite : PendingWrite
{
    // A continuation must not run on the writer's task: the next group would wait for it.
    private readonly TaskCompletionSource<WriteResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<WriteResult> Result => _completion.Task;

    public override void Committed() => _completion.SetResult(WriteResult.Written.Instance);

    public override void Failed(string reason) => _completion.SetResult(new WriteResult.Unavailable(reason));
}
