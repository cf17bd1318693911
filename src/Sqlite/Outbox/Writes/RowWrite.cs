using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

/// <summary>A change to stored rows or to a workspace.</summary>
internal abstract class RowWrite : PendingWrite
{
    private readonly TaskCompletionSource<WriteResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<WriteResult> Result => _completion.Task;

    /// <summary>The result of the change; known once it is stored.</summary>
    protected virtual WriteResult Outcome => WriteResult.Written.Instance;

    public override void Committed() => _completion.SetResult(Outcome);

    public override void Failed(WriteFailure failure) => _completion.SetResult(new WriteResult.Unavailable(failure.Reason));
}
