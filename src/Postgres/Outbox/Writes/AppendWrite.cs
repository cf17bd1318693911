using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class AppendWrite(CustomerAddress customer, long sequence, Call call, AcceptDeadline? deadline, Ulid? replaces = null, SendKey? key = null) : PendingWrite
{
    // A continuation must not run on the writer's task: the next group would wait for it.
    private readonly TaskCompletionSource<AppendResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isUndecided;
    private AppendResult _result = AppendResult.Appended.Instance;

    public Task<AppendResult> Result => _completion.Task;

    public CustomerAddress Customer => customer;

    public long Sequence => sequence;

    public Call Call => call;

    /// <summary>The deadline on the database's clock, which is the lease clock, in microseconds since 1970; the greatest value if there is none.</summary>
    public long Deadline { get; } = deadline is { } ends ? ends.At.Ticks / TimeSpan.TicksPerMicrosecond : long.MaxValue;

    public override int Size { get; } = CallColumns.SizeOf(call);

    public override bool MayBeShed => true;

    public override bool IsUndecided => _isUndecided;

    public override void CollectCustomers(CustomerIds customers) => customers.Want(customer);

    public override void AddTo(WriteBatch batch)
    {
        _isUndecided = false;
        _result = AppendResult.Appended.Instance;
        if (replaces is { } letter)
        {
            batch.AppendInPlaceOf(letter, this);
        }
        else if (key is { } name)
        {
            batch.AppendSend(name, this);
        }
        else
        {
            batch.Append(this);
        }
    }

    /// <summary>The sequence was taken, the dead letter to replace was gone, or the key was already bound.</summary>
    public void Refuse() => _result = AppendResult.Conflict.Instance;

    /// <summary>The deadline had passed.</summary>
    public void Expire() => _result = AppendResult.Expired.Instance;

    /// <summary>Another row of the same customer and group was refused, so this one was not tried.</summary>
    public void LeaveUndecided() => _isUndecided = true;

    public override void Committed() => _completion.SetResult(_result);

    public override void Failed(string reason, bool mayBeStored) =>
        _completion.SetResult(new AppendResult.Unavailable(reason) { MayBeStored = mayBeStored });
}
