using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class AppendWrite(CustomerAddress customer, long sequence, Call call, Ulid? replaces = null, SendKey? key = null) : PendingWrite
{
    // A continuation must not run on the writer's thread: the next group would wait for it.
    private readonly TaskCompletionSource<AppendResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _refused;

    public Task<AppendResult> Result => _completion.Task;

    public override int Size { get; } = CallColumns.SizeOf(call);

    public override bool MayBeShed => replaces is null;

    public override void Apply(WriterSession session)
    {
        _refused = sequence <= session.LastSequence(customer) || (replaces is { } id && !session.Exhume(customer.Workspace, id))
            || (key is { } name && !session.TryBind(customer, call.Id, name));
        if (!_refused)
        {
            session.Append(customer, sequence, call);
        }
    }

    public override void Committed() =>
        _completion.SetResult(_refused ? AppendResult.Conflict.Instance : AppendResult.Appended.Instance);

    public override void Failed(WriteFailure failure) =>
        _completion.SetResult(new AppendResult.Unavailable(failure.Reason) { IsDiskFull = failure.IsDiskFull, MayBeStored = failure.MayBeStored });
}
