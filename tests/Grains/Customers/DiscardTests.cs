using System.Text;
using CioOrleans.Calls;
using CioOrleans.Discarding;
using CioOrleans.Limits;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing;

namespace CioOrleans.Customers;

/// <summary>An operator discards waiting calls: each is delivered or discarded, never both, and the others keep their order.</summary>
public sealed class DiscardTests : DispatcherTest
{
    private static readonly CallFilter _all = new();
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_whole_queue_is_counted_first_and_then_discarded_and_later_calls_are_delivered()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        for (var seq = 1; seq <= 40; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "a", seq);
        }

        await IdentifyAsync(host.Dispatcher, "b", 1);

        Assert.Equal(new DiscardResult(40, 0, 0, 0, null), await host.Customer("id:a").Discard(_all, isPreview: true, after: 0));
        Assert.Equal(41, (await host.Workspace.GetStatus()).Queued);

        Assert.Equal(new DiscardResult(40, 40, 0, 0, null), await host.Customer("id:a").Discard(_all, isPreview: false, after: 0));
        Assert.Equal(1, (await host.Workspace.GetStatus()).Queued);
        await IdentifyAsync(host.Dispatcher, "a", 41);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(2).WaitAsync(_patience);

        Assert.Equal([41], ArrivedSeqs("a"));
        Assert.Equal([1], ArrivedSeqs("b"));
    }

    [Fact]
    public async Task What_is_left_of_a_queue_keeps_its_order()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        for (var seq = 1; seq <= 40; seq++)
        {
            if (seq % 3 == 0)
            {
                await host.Dispatcher.Customer("a").TrackAsync("bought", new { seq });
            }
            else
            {
                await IdentifyAsync(host.Dispatcher, "a", seq);
            }
        }

        Assert.Equal(13, (await host.Customer("id:a").Discard(new CallFilter { LimitClass = LimitClass.Track }, isPreview: false, after: 0)).Discarded);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(27).WaitAsync(_patience);

        Assert.Equal(Enumerable.Range(1, 40).Where(seq => seq % 3 != 0), ArrivedSeqs("a"));
        Assert.Equal(27, Sandbox.Requests.Count);
    }

    [Fact]
    public async Task One_call_is_discarded_by_its_id()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        await IdentifyAsync(host.Dispatcher, "a", 1);
        var second = await AcceptAsync(host, "id:a", LimitClass.Track);
        await IdentifyAsync(host.Dispatcher, "a", 3);

        Assert.Equal(1, (await host.Customer("id:a").Discard(new CallFilter { CallId = second }, isPreview: false, after: 0)).Discarded);
        Assert.Equal(0, (await host.Customer("id:a").Discard(new CallFilter { CallId = second }, isPreview: false, after: 0)).Matched);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(2).WaitAsync(_patience);

        Assert.Equal([1, 3], ArrivedSeqs("a"));
    }

    [Theory]
    [InlineData(LimitClass.Track)]
    [InlineData(LimitClass.Batch)]
    public async Task A_call_in_flight_stays_and_is_delivered_once(LimitClass limitClass)
    {
        await using var host = await StartAsync(("AttemptTimeout", "3s"), ("Batching:Linger", "20ms"));
        Sandbox.Faults = new SandboxFaults { TimeOut = 1 };
        foreach (var customer in (string[])["id:a", "id:b"])
        {
            for (var i = 0; i < 20; i++)
            {
                await AcceptAsync(host, customer, limitClass);
            }
        }

        await UntilArrivedAsync(limitClass == LimitClass.Batch ? 1 : 2);
        var discarded = await host.Customer("id:a").Discard(_all, isPreview: false, after: 0);

        Assert.Equal(new DiscardResult(20, 19, 1, 0, null), discarded);

        Sandbox.Faults = SandboxFaults.None;
        await host.WaitUntilAsync(status => status.Queued == 0).WaitAsync(_patience);
        Assert.Equal(0, (await host.Workspace.GetStatus()).DeadLetters);
        Assert.Equal((1, 20), (Sandbox.Customer("a")!.Calls, Sandbox.Customer("b")!.Calls));
    }

    [Fact]
    public async Task Discarding_a_merge_lets_the_secondary_go_on_at_once()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        await IdentifyAsync(host.Dispatcher, "primary", 1);
        await host.Dispatcher.MergeAsync("primary", "secondary");
        await IdentifyAsync(host.Dispatcher, "primary", 2);
        await IdentifyAsync(host.Dispatcher, "secondary", 1);

        Assert.Equal(new DiscardResult(1, 0, 0, 1, null), await host.Customer("id:secondary").Discard(_all, isPreview: true, after: 0));
        Assert.Equal(1, (await host.Customer("id:primary").Discard(new CallFilter { Kind = CallKind.Merge }, isPreview: false, after: 0)).Discarded);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(3).WaitAsync(_patience);

        Assert.DoesNotContain("POST merge_customers", ArrivedTargets());
        Assert.Equal([1, 2], ArrivedSeqs("primary"));
        Assert.Equal([1], ArrivedSeqs("secondary"));
        Assert.Equal(0, (await host.WaitUntilAsync(status => status.Queued == 0).WaitAsync(_patience)).Queued);
    }

    [Fact]
    public async Task A_barrier_is_not_discarded_without_its_merge()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        await host.Dispatcher.MergeAsync("primary", "secondary");

        Assert.Equal(new DiscardResult(0, 0, 0, 1, null), await host.Customer("id:secondary").Discard(_all, isPreview: false, after: 0));
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(1).WaitAsync(_patience);

        Assert.Equal(["POST merge_customers"], ArrivedTargets());
    }

    [Fact]
    public async Task A_discarded_send_is_told_as_discarded_after_a_restart_too()
    {
        Ulid id;
        await using (var host = await StartAsync(("AppApiKey", "app")))
        {
            await host.Workspace.Pause("the test");
            id = await AcceptAsync(host, "id:a", LimitClass.TransactionalEmail, CallKind.Send);
            Assert.Equal(1, (await host.Customer("id:a").Discard(_all, isPreview: false, after: 0)).Discarded);
        }

        await using var successor = await StartAsync(("AppApiKey", "app"));
        await successor.Workspace.Resume();

        Assert.IsType<SendState.Discarded>(await successor.Customer("id:a").GetSend(id));
        Assert.Empty(Sandbox.Requests);
    }

    [Fact]
    public async Task The_next_call_goes_at_once_where_the_discarded_head_waited_for_its_back_off_at_another_host()
    {
        await using var pipelines = await SandboxServer.StartAsync(
            new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 10, Faults = new SandboxFaults { ServerError = 1 } });
        await using var host = await StartAsync(("PipelinesUrl", pipelines.Url.ToString()), ("PipelinesWriteKey", "write"), ("Retry:BaseDelay", "60s"), ("Retry:MaxDelay", "60s"));
        await AcceptAsync(host, "id:a", LimitClass.Pipelines);
        await IdentifyAsync(host.Dispatcher, "a", 2);
        await UntilArrivedAsync(1, pipelines);

        // A call that is on its way is not discarded: its attempt may not have been reported yet.
        await Wait.UntilAsync("The discarded head", _patience, async () =>
            (await host.Customer("id:a").Discard(new CallFilter { Host = UpstreamHost.Pipelines }, isPreview: false, after: 0)).Discarded == 1);
        await Sandbox.WaitForProcessedAsync(1).WaitAsync(_patience);

        Assert.Equal([2], ArrivedSeqs("a"));
    }

    [Fact]
    public async Task While_calls_are_delivered_and_discarded_at_once_each_ends_in_one_way()
    {
        const int customers = 20;
        const int each = 60;
        await using var host = await StartAsync(("Limits:identify", "20/50ms"));
        for (var seq = 1; seq <= each; seq++)
        {
            await Task.WhenAll(Enumerable.Range(0, customers).Select(customer => IdentifyAsync(host.Dispatcher, $"{customer}", seq)));
        }

        long discarded = 0;
        for (var round = 0; round < 10; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, customers / 2).Select(customer =>
                host.Customer($"id:{customer}").Discard(new CallFilter(), isPreview: false, after: 0).AsTask()));
            discarded += results.Sum(result => result.Discarded);
            for (var customer = 0; customer < customers / 2; customer++)
            {
                await IdentifyAsync(host.Dispatcher, $"{customer}", each + round + 1);
            }
        }

        await host.WaitUntilAsync(status => status.Queued == 0).WaitAsync(_patience);

        Assert.Equal((customers * each) + (10 * customers / 2) - discarded, Sandbox.Requests.Count(request => request.Status == 200));
        Assert.Equal((0, 0), (Sandbox.Report().Order.OrderViolations, Sandbox.Report().Order.Duplicates));
    }

    private static async Task<Ulid> AcceptAsync(DispatcherHost host, string customer, LimitClass limitClass, CallKind kind = CallKind.Event)
    {
        var id = Ulid.NewUlid();
        var person = customer[(customer.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var (target, body) = limitClass switch
        {
            LimitClass.Batch => ("/api/v2/entity", $$$"""{"type":"person","action":"event","name":"x","identifiers":{"id":"{{{person}}}"}}"""),
            LimitClass.Pipelines => ("/v1/track", $$"""{"userId":"{{person}}","event":"x"}"""),
            LimitClass.TransactionalEmail => ("/v1/send/email", """{"to":"a@example.com"}"""),
            _ => ($"/api/v1/customers/{person}/events", """{"name":"x"}"""),
        };
        Assert.IsType<AcceptResult.Accepted>(await host.Customer(customer).Accept(new Call
        {
            Id = id,
            Kind = kind,
            LimitClass = limitClass,
            Method = "POST",
            Target = target,
            Headers = [new("Content-Type", "application/json")],
            Body = Encoding.UTF8.GetBytes(body),
            AcceptedAt = TimeProvider.System.GetUtcNow(),
        }, new AcceptDeadline(TimeSpan.MaxValue)));
        return id;
    }

    private async Task UntilArrivedAsync(int requests, SandboxServer? sandbox = null)
    {
        var patience = TimeProvider.System.GetUtcNow() + _patience;
        while ((sandbox ?? Sandbox).Report().Arrivals < requests)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < patience, $"{requests} requests did not arrive.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
