using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Postponed calls, dead letters, and the begin and end of sends.</summary>
internal sealed partial class WriterSession
{
    private Statement? _restore;
    private Statement? _restoreQueued;
    private Statement? _release;

    public void Postpone(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent)
    {
        var customer = Customer(row.Customer);
        MoveToQueues(customer);
        if (FindQueued(customer, row) is not null)
        {
            _postpone.Bind(attempts).Bind(notBefore).Bind(error).Bind(unsent)
                .Bind(customer.WorkspaceId).Bind(customer.Id).Bind(row.Sequence).Execute();
        }
    }

    /// <summary>False if the row is gone or has the mark of another attempt.</summary>
    public bool BeginSend(RowKey row, Guid attempt)
    {
        var customer = Customer(row.Customer);
        MoveToQueues(customer);
        return FindQueued(customer, row) is not null
            && _beginSend.Bind(attempt).Bind(customer.WorkspaceId).Bind(customer.Id).Bind(row.Sequence).Execute() > 0;
    }

    /// <summary>Stores an answer and ends its row; no effect if the row is gone.</summary>
    public void EndSend(RowKey row, SendResult answer, SendRefusal? refusal)
    {
        var customer = Customer(row.Customer);
        MoveToQueues(customer);
        if (FindQueued(customer, row) is null)
        {
            return;
        }

        _storeSendResult.Bind(customer.WorkspaceId).Bind(row.CallId).Bind((long)answer.Status).Bind(answer.Body).Bind(answer.StoredAt).Bind(answer.ContentType).Execute();
        _endSendKey.Bind(answer.StoredAt).Bind(customer.WorkspaceId).Bind(row.CallId).Execute();
        if (refusal is null)
        {
            Remove(row);
        }
        else
        {
            MakeDeadLetter(row, refusal.Attempts, refusal.Reason, answer.StoredAt, isOutcomeUnknown: false, refusal.Holds);
        }
    }

    /// <summary>Makes a dead letter of a row; no effect if the row is gone.</summary>
    public void MakeDeadLetter(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown, bool holds)
    {
        var customer = Customer(row.Customer);
        MoveToQueues(customer);
        if (FindQueued(customer, row) is { } position)
        {
            var cause = FailureCause.Of(reason);
            _makeDeadLetter.Bind(row.Customer.Customer).Bind(attempts).Bind(reason).Bind(diedAt).Bind(isOutcomeUnknown ? 1L : 0L)
                .Bind((long)cause.Status).Bind(cause.Key).Bind(holds ? row.Sequence : null).Bind(position).Execute();
            Remove(row);
        }
    }

    /// <summary>Puts a dead letter that holds its queue back to its place. False if it does not hold the queue.</summary>
    public bool ReplayHeld(RowKey held)
    {
        _restore ??= Prepare(
            $"""
            insert into calls (position, workspace_id, customer_id, seq, {CallColumns.Names})
            select ?, workspace_id, ?, held_seq, {CallColumns.Names} from dead_letters where workspace_id = ? and call_id = ? and held_seq = ?
            """);
        _restoreQueued ??= Prepare(
            """
            insert into queues (workspace_id, customer_id, seq, position, limit_class, priority)
            select workspace_id, customer_id, seq, position, limit_class, priority from calls where position = ?
            """);

        // The rows of the table of queues come before the recent ones.
        var customer = Customer(held.Customer);
        MoveToQueues(customer);
        var position = NextPosition();
        if (_restore.Bind(position).Bind(customer.Id).Bind(customer.WorkspaceId).Bind(held.CallId).Bind(held.Sequence).Execute() == 0)
        {
            return false;
        }

        _restoreQueued.Bind(position).Execute();
        Exhume(held.Customer.Workspace, held.CallId);
        return true;
    }

    public void ReleaseHeld(RowKey held)
    {
        _release ??= Prepare("update dead_letters set held_seq = null where workspace_id = ? and call_id = ? and held_seq = ?");
        _release.Bind(Workspace(held.Customer.Workspace)).Bind(held.CallId).Bind(held.Sequence).Execute();
    }
}
