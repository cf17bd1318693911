using CioOrleans.Silo.Hosting;

namespace CioOrleans.Operating.Tests;

public sealed class MemoryTrimTests
{
    private readonly MemoryTrim _trim = new();

    [Fact]
    public void Memory_is_given_back_once_when_most_of_many_customers_have_gone()
    {
        Assert.Equal([false, false, false, true, false, false], Looks(0, 100_000, 50_001, 50_000, 45_000, 40_001));
    }

    [Fact]
    public void Few_customers_are_not_worth_the_pause() => Assert.Equal([false, false], Looks(9_999, 0));

    [Fact]
    public void It_is_due_again_after_the_next_crowd() => Assert.Equal([false, true, false, true], Looks(30_000, 0, 40_000, 1_000));

    [Fact]
    public void A_steady_number_is_left_alone() => Assert.Equal([false, false, false], Looks(100_000, 90_000, 100_000));

    private bool[] Looks(params int[] active) => [.. active.Select(_trim.IsDue)];
}
