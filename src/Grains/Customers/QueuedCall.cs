using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>A stored call that its customer's grain holds in memory.</summary>
internal sealed class QueuedCall(long sequence, Call call)
{
    // What a call costs beside its body: objects, strings and their headers.
    private const int Overhead = 600;

    public long Sequence { get; } = sequence;

    public Call Call { get; } = call;

    /// <summary>What it takes of the payload budget.</summary>
    public int Size => Call.Body.Length + Overhead;

    public int Attempts { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public string? LastError { get; set; }

    /// <summary>Whether a row of the history has what is sent. After a restart a second row may get it.</summary>
    public bool HasBodyInHistory { get; set; }

    /// <summary>Of a send: the attempt that has begun and whose end is not stored.</summary>
    public Guid? SendAttempt { get; set; }

    public HeadState State => HeadState.Of(Call.LimitClass, Call.Priority, Attempts, NotBefore, Call.Body.Length);

    public RowKey KeyIn(CustomerAddress customer) => new(customer, Sequence, Call.Id);

    public static QueuedCall From(OutboxRow row) =>
        new(row.Sequence, row.Call) { Attempts = row.Attempts, NotBefore = row.NotBefore, LastError = row.LastError, SendAttempt = row.SendAttempt };
}
