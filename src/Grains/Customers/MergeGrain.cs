using CioOrleans.Calls;
using CioOrleans.Grains;

namespace CioOrleans.Customers;

/// <inheritdoc cref="IMergeGrain"/>
internal sealed class MergeGrain : Grain, IMergeGrain
{
    public async ValueTask<AcceptResult> Accept(string primary, Call merge)
    {
        var workspace = this.GetPrimaryKeyString();
        var secondary = merge.OtherCustomer ?? throw new ArgumentException("A merge names two people.", nameof(merge));

        // Before the barrier, which would be left without its merge.
        if (merge.Notes.HasKeys && await Customer(workspace, primary).IsDuplicate(merge))
        {
            return AcceptResult.Duplicate.Instance;
        }

        // The barrier first: one whose merge never followed is released again, while a merge without its barrier would overtake.
        var barrier = merge with { Kind = CallKind.MergeBarrier, OtherCustomer = primary, Body = [], Headers = [], Notes = CallNotes.None };
        var result = await Customer(workspace, secondary).AcceptBarrier(barrier);
        return result is AcceptResult.Accepted ? await Customer(workspace, primary).Accept(merge) : result;
    }

    private ICustomerGrain Customer(string workspace, string customer) => GrainFactory.GetCustomer(new CustomerAddress(workspace, customer));
}
