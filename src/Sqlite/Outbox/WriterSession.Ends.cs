using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Postponed calls, dead letters, and the begin and end of sends.</summary>
internal sealed partial class WriterSession
{
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
            MakeDeadLetter(row, refusal.Attempts, refusal.Reason, answer.StoredAt, isOutcomeUnknown: false);
        }
    }

    /// <summary>Makes a dead letter of a row; no effect if the row is gone.</summary>
    public void MakeDeadLetter(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown)
    {
        var customer = Customer(row.Customer);
        MoveToQueues(customer);
        if (FindQueued(customer, row) is { } position)
        {
            var cause = FailureCause.Of(reason);
            _makeDeadLetter.Bind(row.Customer.Customer).Bind(attempts).Bind(reason).Bind(diedAt).Bind(isOutcomeUnknown ? 1L : 0L)
                .Bind((long)cause.Status).Bind(cause.Key).Bind(position).Execute();
            Remove(row);
        }
    }
}
