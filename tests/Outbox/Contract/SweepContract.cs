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
