using CioOrleans.Addressing;

namespace CioOrleans.Customers;

/// <summary>A grain under a key of another database would be a second activation for its customer.</summary>
public sealed class GrainKeyTests : DispatcherTest
{
    [Fact]
    public async Task A_grain_that_is_called_by_a_wrong_key_refuses_and_nothing_is_stored()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("so that calls wait");
        var call = CallQueueTests.NewCall();
        using var other = new GrainKeys();
        other.Use(new byte[GrainKeys.SecretBytes]);

        foreach (var key in new[] { other.Of(new CustomerAddress("acme", "id:1")), "acme/id:1" })
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await host.CustomerBy(key).Accept(call));
            Assert.True(WrongGrainKeyException.IsCauseOf(failure), $"{failure}");
        }

        Assert.Null(await host.Outbox.FindCustomerAsync("acme", call.Id));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(call));
        Assert.Equal("id:1", await host.Outbox.FindCustomerAsync("acme", call.Id));
    }

    [Fact]
    public async Task The_keys_stay_the_same_through_a_restart_and_any_silo_tells_their_secret()
    {
        var address = new CustomerAddress("acme", "id:1");
        string key;
        await using (var host = await StartAsync())
        {
            key = host.Keys.Of(address);
        }

        await using var again = await StartAsync();
        Assert.Equal(key, again.Keys.Of(address));

        // More customers than references are kept.
        for (var i = 0; i < 100_000; i++)
        {
            var customer = new CustomerAddress("acme", $"id:{i % 70_000}");
            Assert.Equal(again.Keys.Of(customer), again.Customer(customer.Customer).GetPrimaryKeyString());
        }

        Assert.Same(again.Customer("id:1"), again.Customer("id:1"));
        Assert.NotEqual(again.Customer("id:1"), again.Customer("id:2"));
        using var client = new GrainKeys();
        client.Use((await again.KeyGrain.Read()).AsSpan());
        Assert.Equal(key, client.Of(address));
    }
}
