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

    [Fact]
    public void A_process_that_has_grown_is_trimmed_once_it_is_quiet_and_again_when_it_has_grown_again()
    {
        const long mb = 1L << 20;
        _trim.Trimmed(100 * mb);
        Assert.False(_trim.IsDue(100 * mb, 10 * mb));
        Assert.False(_trim.IsDue(400 * mb, 1_000 * mb));
        Assert.True(_trim.IsDue(400 * mb, 1_010 * mb));
        _trim.Trimmed(150 * mb);
        Assert.False(_trim.IsDue(181 * mb, 1_020 * mb));
        Assert.True(_trim.IsDue(182 * mb, 1_030 * mb));
    }

    [Fact]
    public void A_process_that_was_busy_is_trimmed_once_more_when_its_grains_are_gone_and_then_left_alone()
    {
        const long mb = 1L << 20;
        _trim.Trimmed(100 * mb);
        long allocated = 1_000 * mb;
        Assert.False(_trim.IsDue(100 * mb, allocated));
        bool[] due = [.. Enumerable.Range(0, 40).Select(_ => _trim.IsDue(100 * mb, allocated += mb))];
        Assert.Equal([MemoryTrim.ChecksUntilIdle - 1], due.Index().Where(check => check.Item).Select(check => check.Index));
    }

    private bool[] Looks(params int[] active) => [.. active.Select(count => _trim.IsDue(count))];
}
