using System.Globalization;
using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class SweepContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_customer_that_nobody_knows_is_found_by_the_slow_sweep(bool wasReopened)
    {
        // More than a page, so that the forgotten customers are not all on the first one.
        const int customers = 2_500;
        var customer = (int i) => Customer(i.ToString(CultureInfo.InvariantCulture));
        await Task.WhenAll(Enumerable.Range(0, customers).Select(i => AppendAsync(customer(i), 1)));
        if (wasReopened)
        {
            await ReopenAsync();
        }

        var sweep = new WorkspaceSweep(Outbox, Workspace);
        HashSet<string> known = [];
        Assert.Empty(await sweep.FindForgottenAsync(known.Contains, default));
        await foreach (var head in sweep.NextAsync(default))
        {
            known.Add(head.Customer);
        }

        Assert.Equal(customers, known.Count);
        string[] forgotten = [customer(17).Customer, customer(1_999).Customer, customer(2_400).Customer];
        known.ExceptWith(forgotten);

        Assert.Equal(forgotten, (await PassAsync(sweep, known)).Order(StringComparer.Ordinal));
        known.UnionWith(forgotten);
        Assert.Empty(await PassAsync(sweep, known));
    }

    [Fact]
    public async Task A_customer_that_was_delivered_while_a_page_was_read_is_not_taken_for_forgotten()
    {
        var row = await AppendAsync(Customer("1"), 1);
        var sweep = new WorkspaceSweep(Outbox, Workspace);
        await foreach (var _ in sweep.NextAsync(default))
        {
        }

        Assert.Empty(await sweep.FindForgottenAsync(_ => false, default));
        await CompleteAsync(row);

        Assert.Empty(await sweep.FindForgottenAsync(_ => false, default));
    }

    [Fact]
    public async Task A_customer_whose_new_calls_fill_many_pages_is_read_once_and_hides_nobody_behind_them()
    {
        await AppendAsync(Customer("first"), 1);
        var (_, position) = await NewWorkAsync(0);
        for (var call = 2; call <= 10; call++)
        {
            await AppendAsync(Customer("first"), call);
        }

        await AppendAsync(Customer("last"), 1);
        HashSet<long> seen = [];
        List<string> read = [];
        for (long? next = position; next is { } from;)
        {
            var page = await Outbox.ReadNewWorkAsync(Workspace, from, 2, seen);
            read.AddRange(page.Heads.Select(head => head.Customer));
            next = page.Next;
        }

        Assert.Equal([Customer("first").Customer, Customer("last").Customer], read);
    }

    /// <summary>One pass over all pages, with its rest.</summary>
    private static async Task<List<string>> PassAsync(WorkspaceSweep sweep, HashSet<string> known)
    {
        List<string> found = [];
        for (var page = 0; page < 10 + WorkspaceSweep.PagesOfRest; page++)
        {
            found.AddRange((await sweep.FindForgottenAsync(known.Contains, default)).Select(head => head.Customer));
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }
}
