using CioOrleans.Customers;

namespace CioOrleans.Simulation;

/// <summary>Dead letters that hold queues, the operators who end that, and a policy that changes.</summary>
internal sealed partial class Simulation
{
    private static readonly HashSet<string> _none = [];

    private readonly Dictionary<string, int> _holdsEnded = [];
    private bool _isHolding;
    private long _holds;

    /// <summary>The owner reads which queues are held. What it hears may be old.</summary>
    private void FindHeld()
    {
        if (!_options.Holds)
        {
            return;
        }

        var held = _customers.Values.Where(customer => customer.Held is not null).Select(customer => customer.Name).ToHashSet(StringComparer.Ordinal);
        var isHolding = _isHolding;
        _events.In(Hop(), () => Tell(owner =>
        {
            owner.OnHeldCustomers(isHolding ? held : _none);
            foreach (var customer in isHolding ? _none : held)
            {
                owner.OnWork(customer, HeadState.Of(default));
            }
        }));
    }

    /// <summary>A permit has come. A customer that should not be held any more releases itself.</summary>
    private bool IsHeld(SimulatedCustomer customer)
    {
        if (customer.Held is null || _options.GoesOnBehindHolds)
        {
            return false;
        }

        if (_isHolding)
        {
            return true;
        }

        End(customer, "policy");
        return false;
    }

    /// <summary>An operator replays the dead letter in its place, its cause mended or not, or discards it. False if it does not hold its queue.</summary>
    private bool EndHold(SimulatedCustomer customer, SimulatedCall call)
    {
        if (customer.Held?.Sequence != call.Sequence)
        {
            return false;
        }

        if (_random.Happens(0.3))
        {
            End(customer, "discard");
        }
        else
        {
            _replayed++;
            _accepted++;
            _open++;
            if (customer.Waiting == 0)
            {
                _withWork++;
            }

            var isMended = _random.Happens(0.7);
            customer.ReplayHeld(isMended ? call with { IsPoison = false, IsRefused = false, IsUnsendable = false } : call, _time.Now, _withWork);
            AddToSweep(customer);
            End(customer, "replay");
        }

        if (!_random.Happens(_options.Faults.LostHint))
        {
            var head = customer.Head;
            _events.In(Hop(), () => Tell(owner => owner.OnHeadChanged(customer.Name, head)));
        }

        return true;
    }

    private void End(SimulatedCustomer customer, string how)
    {
        customer.Held = null;
        _holdsEnded[how] = _holdsEnded.GetValueOrDefault(how) + 1;
    }

    private void PlanPolicyChange()
    {
        if (_options.Faults.PolicyChanges is { } mean)
        {
            _events.In(_random.Exponential(mean), () =>
            {
                _isHolding = !_isHolding;
                PlanPolicyChange();
            });
        }
    }
}
