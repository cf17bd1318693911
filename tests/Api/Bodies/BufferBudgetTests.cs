using CioOrleans.Api.Bodies;
using CsCheck;

namespace CioOrleans.Api.Tests.Bodies;

public sealed class BufferBudgetTests
{
    [Fact]
    public void Large_bodies_leave_room_for_ordinary_calls()
    {
        var budget = new BufferBudget(16_000_000);

        var large = Enumerable.Range(0, 100).Count(_ => new BufferLease(budget).TryGrow(1_000_000));

        Assert.Equal(8, large);
        Assert.Equal(200, Enumerable.Range(0, 200).Count(_ => new BufferLease(budget).TryGrow(30_000)));
    }

    [Fact]
    public void Nothing_beyond_the_budget_is_taken_and_all_is_given_back() => Gen.Int[1, 3_000_000].Array[1, 50].Sample(sizes =>
    {
        var budget = new BufferBudget(4_000_000);
        var leases = sizes.Select(size => (Size: size, Lease: new BufferLease(budget))).ToList();
        var taken = leases.Where(lease => lease.Lease.TryGrow(lease.Size / 2) && lease.Lease.TryGrow(lease.Size)).Sum(lease => (long)lease.Size);

        Assert.InRange(taken, 0, 4_000_000);
        leases.ForEach(lease => lease.Lease.Dispose());
        Assert.True(new BufferLease(budget).TryGrow(2_000_000 + BufferBudget.SmallBytes));
    });
}
