using CioOrleans.Addressing;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <inheritdoc cref="IMergeGrain"/>
internal sealed class MergeGrain(GrainKeys keys) : Grain, IMergeGrain
{
    public async ValueTask<AcceptResult> Accept(string primary, Call merge, AcceptDeadline deadline)
    {
        var workspace = this.GetPrimaryKeyString();

        CallRules.ThrowIfRefused(merge);

        // Before the barrier, which would be left without its merge.
        if (merge.Notes.HasKeys && await Customer(workspace, primary).IsDuplicate(merge))
        {
            return AcceptResult.Duplicate.Instance;
        }

        // The barrier first: one whose merge never followed is released again, while a merge without its barrier would overtake.
        var result = await AcceptBarrierAsync(primary, merge, deadline);
        return result is AcceptResult.Accepted ? await Customer(workspace, primary).Accept(merge, deadline) : result;
    }

    public async ValueTask<ReplayResult> Replay(string primary, Call merge, AcceptDeadline deadline) =>
        await AcceptBarrierAsync(primary, merge, deadline) is AcceptResult.NotAccepted refused
            ? new ReplayResult.Unavailable(refused.Reason, refused.RetryAfter)
            : await Customer(this.GetPrimaryKeyString(), primary).Replay(merge.Id, deadline);

    private ValueTask<AcceptResult> AcceptBarrierAsync(string primary, Call merge, AcceptDeadline deadline)
    {
        var secondary = merge.OtherCustomer ?? throw new ArgumentException("A merge names two people.", nameof(merge));
        var barrier = merge with { Kind = CallKind.MergeBarrier, OtherCustomer = primary, Body = [], Headers = [], Notes = CallNotes.None };
        return Customer(this.GetPrimaryKeyString(), secondary).AcceptBarrier(barrier, deadline);
    }

    private ICustomerGrain Customer(string workspace, string customer) => GrainFactory.GetCustomer(keys, new CustomerAddress(workspace, customer));
}
