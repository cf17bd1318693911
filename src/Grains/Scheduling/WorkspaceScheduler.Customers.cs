using CioOrleans.Customers;
using CioOrleans.Grains.Retry;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>The delay before the next attempt after a failure on the dispatcher's side: a lost grain call, or an outbox that cannot be reached.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>The delay before the next attempt after a customer's silo refused the grain call. By then the grain is on another silo.</summary>
    public static readonly TimeSpan RefusedRest = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// A hint or the sweep reports that a customer's queue is, or was, not empty. The report may be repeated, late or stale. A hint ends a hold: a customer
    /// that knows of its hold sends none.
    /// </summary>
    public void OnWork(string customer, HeadState head)
    {
        if (!head.HasCall)
        {
            return;
        }

        if (!_customers.TryGetValue(customer, out var entry))
        {
            Admit(Add(customer), head);
        }
        else if (entry.State is CustomerState.InFlight or CustomerState.Settling)
        {
            entry.MarkDirty(head);
        }
        else if (entry.State is CustomerState.Parked or CustomerState.Held)
        {
            Admit(entry, head);
        }
    }

    /// <summary>The sweep has found a customer whose queue is not empty. A queue that is held stays held.</summary>
    public void OnFound(string customer, HeadState head)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State != CustomerState.Held)
        {
            OnWork(customer, head);
        }
    }

    /// <summary>
    /// The customers whose queues dead letters hold, as they are stored. The report may be stale: a customer that has work is left as it is, because its next
    /// permit finds out; one that is not among them any more gets a permit.
    /// </summary>
    public void OnHeldCustomers(IReadOnlySet<string> held)
    {
        foreach (var customer in held)
        {
            if (!_customers.ContainsKey(customer))
            {
                SetState(Add(customer), CustomerState.Held);
            }
        }

        if (_inState[(int)CustomerState.Held] == 0)
        {
            return;
        }

        foreach (var entry in _customers.Values.Where(entry => entry.State == CustomerState.Held && !held.Contains(entry.Customer)).ToList())
        {
            // Another activation than the last one may have ended the hold.
            entry.Activation = Guid.Empty;
            Admit(entry, HeadState.Of(entry.Class, entry.Priority));
        }
    }

    /// <summary>Whether a customer is known to have work.</summary>
    public bool Knows(string customer) => _customers.ContainsKey(customer);

    /// <summary>
    /// A customer's queue has another head although no attempt has ended, because calls were discarded. The report may be repeated, late or stale. A report of
    /// an empty queue is not believed, because a call may have been accepted meanwhile; the next permit finds out.
    /// </summary>
    public void OnHeadChanged(string customer, HeadState head)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State is CustomerState.InFlight or CustomerState.Settling)
        {
            OnWork(customer, head);
            return;
        }

        // Another activation may have discarded the calls. Without a last activation every activation reads its queue again.
        entry.Activation = Guid.Empty;
        if (entry.State == CustomerState.Ready)
        {
            if (!head.HasCall)
            {
                return;
            }

            QueueOf(entry).RemoveReady(entry);
        }

        // The entry is in no list now. The back-off belonged to another call.
        SetState(entry, CustomerState.InFlight);
        GoOn(entry, head.HasCall || head.IsHeld ? head : HeadState.Of(entry.Class, entry.Priority));
    }

    /// <summary>The dead letter of a <see cref="HeadChange.MakeDeadLetter"/> was stored, or could not be stored.</summary>
    /// <param name="customer">The ordering key.</param>
    /// <param name="next">The head now.</param>
    public void OnDeadLetterMade(string customer, HeadState next)
    {
        if (_customers.TryGetValue(customer, out var entry) && entry.State == CustomerState.Settling)
        {
            _activity.OnDeadLetter(Now);

            // A twin of the activation that reported may have made the dead letter.
            entry.Activation = Guid.Empty;
            GoOn(entry, next);
        }
    }

    /// <summary>The grain call of a grant or of a <see cref="HeadChange.MakeDeadLetter"/> has failed, and its outcome is unknown. No attempt is counted.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="requestEndsIn">
    /// How long the request may still be in flight (default: it must have ended). Its token returns one window after that. The customer goes on earlier,
    /// because its grain handles one permit after the other.
    /// </param>
    public void OnLost(string customer, TimeSpan requestEndsIn = default)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State is not (CustomerState.InFlight or CustomerState.Settling))
        {
            return;
        }

        var now = Now;
        if (entry.State == CustomerState.InFlight)
        {
            EndProbe(entry, unused: false, now);
            _slots.OnEnded(HostOf(entry).Name, answered: false, now);
            if (requestEndsIn > TimeSpan.Zero)
            {
                QueueOf(entry).Limit.Sent(entry.Moment, now + requestEndsIn);
            }

            EndRequest(QueueOf(entry), entry.Moment, wasSent: true, now + requestEndsIn, RateLimitSignal.None, now);
        }

        Lose(entry, now);
    }

    /// <summary>
    /// The grain call was refused before the customer's grain received it, so nothing was sent. A moment later the grain is found on another silo.
    /// </summary>
    public void OnRefused(string customer)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State != CustomerState.InFlight)
        {
            return;
        }

        var now = Now;
        EndProbe(entry, unused: true, now);
        _slots.OnEnded(HostOf(entry).Name, answered: false, now);
        EndRequest(QueueOf(entry), entry.Moment, wasSent: false, now, RateLimitSignal.None, now);
        Wait(entry, now + RefusedRest);
    }

    private ScheduledCustomer Add(string customer)
    {
        var entry = new ScheduledCustomer(customer);
        _customers.Add(customer, entry);
        _inState[(int)entry.State]++;
        return entry;
    }

    private LimitQueue QueueOf(ScheduledCustomer entry) => _queueOfClass[(int)entry.Class];

    /// <summary>The head has ended; goes on with the next one.</summary>
    private void GoOn(ScheduledCustomer entry, HeadState next)
    {
        entry.Blameless = 0;
        entry.FailedAt = null;
        if (next is { HasCall: true, IsHeld: false })
        {
            Admit(entry, next);
        }
        else if (entry.IsDirty)
        {
            // The hint may have overtaken a report of an empty or a held queue.
            Admit(entry, HeadState.Of(entry.DirtyClass, entry.DirtyPriority));
        }
        else if (next.IsHeld)
        {
            SetState(entry, CustomerState.Held);
        }
        else
        {
            _inState[(int)entry.State]--;
            _customers.Remove(entry.Customer);
        }
    }

    private void Admit(ScheduledCustomer entry, HeadState head, bool atFront = false)
    {
        if (head.IsHeld)
        {
            SetState(entry, CustomerState.Held);
            return;
        }

        entry.Class = head.LimitClass;
        entry.Priority = head.Priority;
        SetCanBatch(entry, head);
        var wait = head.NotBefore is { } notBefore ? notBefore - _time.GetUtcNow() : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
        {
            MakeReady(entry, atFront);
            return;
        }

        // A UTC clock that was wrong when the moment was stored must not delay the customer for days.
        var longest = BackOff.Longest(_settings.Retry);
        Wait(entry, Now + (wait < longest ? wait : longest));
    }

    private void MakeReady(ScheduledCustomer entry, bool atFront = false)
    {
        entry.IsDirty = false;
        entry.Moment = Now;
        SetState(entry, CustomerState.Ready);
        QueueOf(entry).AddReady(entry, atFront);
    }

    private void Wait(ScheduledCustomer entry, TimeSpan until)
    {
        entry.IsDirty = false;
        SetState(entry, CustomerState.Waiting);
        HostOf(entry).Waiting.Add(entry, until);
    }

    /// <summary>The outcome is unknown, and so is the activation that delivered last.</summary>
    private void Lose(ScheduledCustomer entry, TimeSpan now)
    {
        entry.Activation = Guid.Empty;
        Wait(entry, now + Rest);
    }

    private void SetState(ScheduledCustomer entry, CustomerState state)
    {
        _inState[(int)entry.State]--;
        _inState[(int)state]++;
        entry.State = state;
    }
}
