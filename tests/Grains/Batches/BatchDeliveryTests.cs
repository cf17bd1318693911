using System.Text;
using System.Text.Json;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Batches;

public sealed class BatchDeliveryTests : DispatcherTest
{
    private const int Customers = 50;

    [Fact]
    public async Task The_heads_of_many_queues_leave_together_and_every_customers_order_is_kept()
    {
        await using var host = await StartAsync(("Limits:batch", "50/100ms"));
        await host.Workspace.Pause("the test");
        await AcceptAsync(host, each: 3);

        await host.Workspace.Resume();
        await host.WaitUntilAsync(status => status.Queued == 0);

        var report = Sandbox.Report();
        Assert.Equal((3 * Customers, 0, 0), (report.Order.DistinctSeqs, report.Order.OrderViolations, report.Order.Duplicates));
        Assert.All(Sandbox.Requests, request => Assert.Equal("/api/v2/batch", request.RawTarget));
        Assert.InRange(Sandbox.Requests.Count, 3, 12);
        Assert.All(Sandbox.Requests, request => Assert.Equal(Ids(request.Body).Distinct(), Ids(request.Body)));
    }

    [Fact]
    public async Task Refused_operations_are_dead_letters_and_only_their_customers_were_concerned()
    {
        await using var host = await StartAsync(("Limits:batch", "50/100ms"));
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 0.2 };
        await host.Workspace.Pause("the test");
        await AcceptAsync(host, each: 4);

        await host.Workspace.Resume();
        var status = await host.WaitUntilAsync(s => s.Queued == 0);

        var order = Sandbox.Report().Order;
        Assert.InRange(status.DeadLetters, 1, 2 * Customers);
        Assert.Equal(4 * Customers, order.DistinctSeqs + status.DeadLetters);
        Assert.Equal((0, 0), (order.OrderViolations, order.Duplicates));
    }

    [Fact]
    public async Task A_permit_that_was_passed_on_and_arrives_behind_a_later_one_sends_nothing_while_a_batch_holds_the_head()
    {
        await using var host = await StartAsync(("Limits:batch", "50/100ms"));
        await host.Workspace.Pause("the test");
        await AcceptAsync(host, each: 1);
        var customer = host.Customer("id:c1");
        var later = new Permit(1, LimitClass.Batch, TimeSpan.MaxValue, TimeSpan.FromSeconds(10)) { GrantedAt = TimeSpan.FromSeconds(2) };

        var head = Assert.IsType<BatchOffer.Head>(await customer.OfferHead(later));
        var passedOn = await customer.DeliverNext(later with { GrantedAt = TimeSpan.FromSeconds(1) });
        var ofAPredecessor = await customer.DeliverNext(later with { Epoch = 0, GrantedAt = TimeSpan.FromSeconds(3) });

        Assert.Equal(UnusedReason.PermitExpired, Assert.IsType<DeliveryOutcome.Unused>(passedOn).Why);
        Assert.Equal(UnusedReason.PermitExpired, Assert.IsType<DeliveryOutcome.Unused>(ofAPredecessor).Why);
        Assert.Empty(Sandbox.Requests);
        Assert.IsType<DeliveryOutcome.Delivered>(await customer.ConcludeHead(head.Sequence, head.Call.Id, new BatchItemResult.Answered(200, null)));
    }

    [Fact]
    public async Task What_a_twin_has_delivered_is_not_in_the_next_request()
    {
        await using var host = await StartSharedAsync(("Limits:batch", "50/100ms"));
        await host.Workspace.Pause("the test");
        await AcceptAsync(host, each: 3);

        await host.EndHeadsAsync("id:c1", 2);
        await host.Workspace.Resume();
        await host.WaitUntilAsync(status => status.Queued == 0);

        var order = Sandbox.Report().Order;
        Assert.Equal(((3 * Customers) - 2, 0, 0), (order.DistinctSeqs, order.OrderViolations, order.Duplicates));
    }

    [Fact]
    public async Task With_batching_off_each_operation_leaves_by_itself()
    {
        await using var host = await StartAsync(("Limits:batch", "50/100ms"), ("Batching:Mode", "Off"));
        await AcceptAsync(host, each: 1);

        await host.WaitUntilAsync(status => status.Queued == 0);

        Assert.Equal(Customers, Sandbox.Requests.Count);
        Assert.All(Sandbox.Requests, request => Assert.Equal("/api/v2/entity", request.RawTarget));
    }

    [Fact]
    public async Task Whoever_was_spoilt_by_another_goes_alone_and_only_that_one_dies()
    {
        await using var host = await StartAsync(("Limits:batch", "50/100ms"));
        await host.Workspace.Pause("the test");
        await AcceptAsync(host, each: 1);

        // Makes the whole request malformed.
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:bad").Accept(Operation("""{"type":"person",""")));
        await host.Workspace.Resume();
        var status = await host.WaitUntilAsync(s => s.Queued == 0);

        Assert.Equal((1, Customers), (status.DeadLetters, Sandbox.Report().Order.DistinctSeqs));
        Assert.Equal("id:bad", Assert.Single((await host.DeadLetters.Read(null, 10)).DeadLetters).Customer);
    }

    private static async Task AcceptAsync(DispatcherHost host, int each)
    {
        foreach (var customer in Enumerable.Range(0, Customers))
        {
            var calls = Enumerable.Range(1, each).Select(seq => Operation(
                $$$"""{"type":"person","action":"identify","identifiers":{"id":"c{{{customer}}}"},"attributes":{"seq":{{{seq}}}}}""")).ToArray();
            Assert.All(await host.Customer($"id:c{customer}").AcceptMany(calls), result => Assert.IsType<AcceptResult.Accepted>(result));
        }
    }

    private static Call Operation(string json) => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Batch,
        Method = "POST",
        Target = "/api/v2/entity",
        Headers = [new("Content-Type", "application/json")],
        Body = Encoding.UTF8.GetBytes(json),
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };

    private static List<string> Ids(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("batch").EnumerateArray().Select(item => item.GetProperty("identifiers").GetProperty("id").GetString()!)];
    }
}
