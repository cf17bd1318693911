using CioOrleans.Customers;
using CioOrleans.Limits;
using CioOrleans.Retry;

namespace CioOrleans.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>A rest before the next attempt after something went wrong on our side: a lost grain call, an outbox that is away.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>A customer whose silo refused its dispatch is tried again after this: the grain is somewhere else by then.</summary>
    public static readonly TimeSpan RefusedRest = TimeSpan.FromMilliseconds(100);

    /// <summary>A customer's queue is, or was, not empty: a hint or the sweep. It may be repeated, late, stale.</summary>
    public void OnWork(string customer, HeadState head)
    {
        if (!head.HasCall)
        {
            return;
        }

        if (!_customers.TryGetValue(customer, out var entry))
        {
            entry = new CustomerEntry(customer);
            _customers.Add(customer, entry);
            _inState[(int)entry.State]++;
            Admit(entry, head);
        }
        else if (entry.State is CustomerState.InFlight or CustomerState.Settling)
        {
            entry.MarkDirty(head);
        }
        else if (entry.State == CustomerState.Parked)
        {
            Admit(entry, head);
        }
    }

    /// <summary>Whether a customer is known to have work.</summary>
    public bool Knows(string customer) => _customers.ContainsKey(customer);

    /// <summary>
    /// The head of a customer's queue is another one although no attempt of it has ended: calls were discarded. May be repeated, late, stale. That
    /// nothing waits is not believed, since a hint may have come meanwhile: the next permit finds it out.
    /// </summary>
    public void OnHeadChanged(string customer, HeadState head)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State is CustomerState.InFlight or CustomerState.Settling)
        {
            OnWork(customer, head);
            return;
        }

        // Another activation may have discarded them: the one that reported last reads its queue again.
        entry.Activation = Guid.Empty;
        if (entry.State == CustomerState.Ready)
        {
            if (!head.HasCall)
            {
                return;
            }

            LaneOf(entry).RemoveReady(entry);
        }

        // In no list any more. What waited for its back-off was another call.
        SetState(entry, CustomerState.InFlight);
        GoOn(entry, head.HasCall ? head : HeadState.Of(entry.Class, entry.Priority));
    }

    /// <summary>The dead letter of a <see cref="Settlement.GiveUp"/> is stored, or could not be.</summary>
    /// <param name="customer">The ordering key.</param>
    /// <param name="next">The head as it is now.</param>
    public void OnSettled(string customer, HeadState next)
    {
        if (_customers.TryGetValue(customer, out var entry) && entry.State == CustomerState.Settling)
        {
            // A twin of the one that reported may have buried the head.
            entry.Activation = Guid.Empty;
            GoOn(entry, next);
        }
    }

    /// <summary>The grain call of a dispatch or of a <see cref="Settlement.GiveUp"/> has failed: what became of it is unknown. No attempt is counted.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="requestEndsIn">
    /// How long a request of the dispatch may still be under way (default: it must have ended). Its token comes back one window after that. The
    /// customer goes on before: its grain carries out one dispatch after the other.
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
                LaneOf(entry).Limit.Sent(entry.Moment, now + requestEndsIn);
            }

            EndRequest(LaneOf(entry), entry.Moment, wasSent: true, now + requestEndsIn, RateLimitSignal.None, now);
        }

        Lose(entry, now);
    }

    /// <summary>The grain call of a dispatch was refused before the customer's grain saw it: nothing was sent. The customer's place is found again a moment later.</summary>
    public void OnRefused(string customer)
    {
        if (!_customers.TryGetValue(customer, out var entry) || entry.State != CustomerState.InFlight)
        {
            return;
        }

        var now = Now;
        EndProbe(entry, unused: true, now);
        _slots.OnEnded(HostOf(entry).Name, answered: false, now);
        EndRequest(LaneOf(entry), entry.Moment, wasSent: false, now, RateLimitSignal.None, now);
        Wait(entry, now + RefusedRest);
    }

    private Lane LaneOf(CustomerEntry entry) => _laneOfClass[(int)entry.Class];

    /// <summary>The head is done with: what is behind it?</summary>
    private void GoOn(CustomerEntry entry, HeadState next)
    {
        entry.Blameless = 0;
        entry.FailedAt = null;
        if (next.HasCall)
        {
            Admit(entry, next);
        }
        else if (entry.IsDirty)
        {
            Admit(entry, HeadState.Of(entry.DirtyClass, entry.DirtyPriority));
        }
        else
        {
            _inState[(int)entry.State]--;
            _customers.Remove(entry.Customer);
        }
    }

    private void Admit(CustomerEntry entry, HeadState head, bool atFront = false)
    {
        entry.Class = head.LimitClass;
        entry.Priority = head.Priority;
        SetCompany(entry, head);
        var wait = head.NotBefore is { } notBefore ? notBefore - _time.GetUtcNow() : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
        {
            MakeReady(entry, atFront);
            return;
        }

        // A UTC clock that was wrong when the moment was stored must not hold the customer for days.
        var longest = BackOff.Longest(_settings.Retry);
        Wait(entry, Now + (wait < longest ? wait : longest));
    }

    private void MakeReady(CustomerEntry entry, bool atFront = false)
    {
        entry.IsDirty = false;
        entry.Moment = Now;
        SetState(entry, CustomerState.Ready);
        LaneOf(entry).AddReady(entry, atFront);
    }

    private void Wait(CustomerEntry entry, TimeSpan until)
    {
        entry.IsDirty = false;
        SetState(entry, CustomerState.Waiting);
        HostOf(entry).Waiting.Add(entry, until);
    }

    /// <summary>What became of its dispatch is unknown, and so who delivered last.</summary>
    private void Lose(CustomerEntry entry, TimeSpan now)
    {
        entry.Activation = Guid.Empty;
        Wait(entry, now + Rest);
    }

    private void SetState(CustomerEntry entry, CustomerState state)
    {
        _inState[(int)entry.State]--;
        _inState[(int)state]++;
        entry.State = state;
    }
}
