using System.Text;
using CioOrleans.Calls;
using CioOrleans.Delivery;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing;

namespace CioOrleans.Customers;

public sealed class SendTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_stored_send_goes_out_once_and_its_answer_can_be_asked_for_after_a_restart()
    {
        var send = Send();
        await using (var host = await StartAsync(("AppApiKey", "app")))
        {
            await AcceptAsync(host, send);
            var sent = Assert.IsType<SendState.Answered>(await EndOfAsync(host, send));
            Assert.Equal((200, "application/json"), (sent.Status, sent.ContentType));
            Assert.StartsWith("""{"delivery_id":"dlv-1","queued_at":""", sent.Body, StringComparison.Ordinal);
        }

        await using var again = await StartAsync(("AppApiKey", "app"));
        Assert.StartsWith("""{"delivery_id":"dlv-1",""", Assert.IsType<SendState.Answered>(await Customer(again).GetSend(send.Id)).Body, StringComparison.Ordinal);
        Assert.IsType<SendState.Absent>(await Customer(again).GetSend(Ulid.NewUlid(DateTimeOffset.UnixEpoch)));
        Assert.Equal(1, Sandbox.Report().Sends.Sent);
        Assert.Equal("Bearer app", Sandbox.Requests.Single().Headers["Authorization"]);
    }

    public static TheoryData<string, SandboxFaults> UnknownOutcomes => new()
    {
        { "500", new SandboxFaults { ServerErrorAfterProcessing = 1 } },
        { "503", new SandboxFaults { Unavailable = 1 } },
        { "time-out", new SandboxFaults { TimeOutAfterProcessing = 1 } },
        { "reset", new SandboxFaults { ResetAfterProcessing = 1 } },
    };

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task After_an_unknown_outcome_it_is_a_dead_letter_at_once_and_those_behind_it_go_on(string what, SandboxFaults faults)
    {
        await using var host = await StartAsync(("AttemptTimeout", "300ms"), ("Retry:BaseDelay", "10ms"));
        Sandbox.Faults = faults;
        var first = Send();
        await AcceptAsync(host, first);

        var dead = Assert.IsType<SendState.Dead>(await EndOfAsync(host, first));
        Assert.True(dead.IsOutcomeUnknown, what);
        Assert.StartsWith(AtMostOnce.UnknownOutcome, dead.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Sandbox.Report().Arrivals);

        Sandbox.Faults = SandboxFaults.None;
        var second = Send();
        await AcceptAsync(host, second);
        Assert.IsType<SendState.Answered>(await EndOfAsync(host, second));
        Assert.Equal(2, Sandbox.Report().Arrivals);
    }

    /// <summary>The caller was told to look before it repeats: as long as it looks, nothing else tells the grain that the write left no row.</summary>
    [Fact]
    public async Task A_send_whose_write_failed_is_absent_and_does_not_wait_for_as_long_as_somebody_asks()
    {
        await using var host = await StartSharedAsync(("AppApiKey", "app"));
        await AcceptAsync(host, Send());
        await host.WaitUntilAsync(status => status.Queued == 0);
        var outbox = (GatedOutbox)host.Outbox;
        outbox.Hold();
        var send = Send();
        var accept = Customer(host).Accept(send, UnhurriedAccepts.Never).AsTask();
        await outbox.Arrived;
        Assert.IsType<SendState.Waiting>(await Customer(host).GetSend(send.Id));
        outbox.Release(new AppendResult.Unavailable("The database is away.") { MayBeStored = true });

        Assert.IsType<AcceptResult.Uncertain>(await accept);
        Assert.IsType<SendState.Absent>(await Customer(host).GetSend(send.Id));
    }

    [Fact]
    public async Task What_Customer_io_refuses_is_a_dead_letter_whose_answer_is_kept()
    {
        await using var host = await StartAsync();
        var send = Send("{}");
        await AcceptAsync(host, send);

        var refused = Assert.IsType<SendState.Answered>(await EndOfAsync(host, send));
        Assert.Equal((400, """{"meta":{"error":"identifiers are required"}}"""), (refused.Status, refused.Body));
        var letter = await host.DeadLetters.Find(send.Id);
        Assert.Equal(("""400: {"meta":{"error":"identifiers are required"}}""", false), (letter!.Reason, letter.IsOutcomeUnknown));
    }

    [Fact]
    public async Task After_a_429_it_is_tried_again()
    {
        await using var host = await StartAsync();
        Sandbox.Faults = new SandboxFaults { Throttled = 1, RetryAfter = "1" };
        var send = Send();
        await AcceptAsync(host, send);
        await WaitForArrivalsAsync(1);
        Sandbox.Faults = SandboxFaults.None;

        Assert.IsType<SendState.Answered>(await EndOfAsync(host, send));
        Assert.Equal(1, Sandbox.Report().Sends.Sent);
    }

    [Fact]
    public async Task An_attempt_that_had_begun_before_a_crash_is_never_repeated()
    {
        var send = Send();
        await using (var host = await StartAsync())
        {
            await host.Workspace.Pause("to be killed in the middle of an attempt");
            await AcceptAsync(host, send);

            // What a crash leaves that comes after the request was written and before its end was stored.
            await host.Outbox.BeginSendAsync(new(new CustomerAddress("acme", Key), 1, send.Id), Guid.NewGuid());
        }

        await using var again = await StartAsync();
        await again.Workspace.Resume();

        var dead = Assert.IsType<SendState.Dead>(await EndOfAsync(again, send));
        Assert.Equal((AtMostOnce.UnknownOutcome + AtMostOnce.Interrupted, true), (dead.Reason, dead.IsOutcomeUnknown));
        Assert.Equal(0, Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task Who_waits_for_a_customers_calls_is_told_when_the_last_of_them_has_arrived()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("so that calls wait");
        await IdentifyAsync(host.Dispatcher, "9", 1);
        await IdentifyAsync(host.Dispatcher, "9", 2);

        Assert.False(await Customer(host, "id:9").WaitUntilDelivered(TimeSpan.FromMilliseconds(100)));
        var waiting = Customer(host, "id:9").WaitUntilDelivered(TimeSpan.FromMinutes(1)).AsTask();
        await host.Workspace.Resume();

        Assert.True(await waiting);
        Assert.Equal([1, 2], ArrivedSeqs("9"));
        Assert.True(await Customer(host, "id:9").WaitUntilDelivered(TimeSpan.Zero));
    }

    private const string Key = "id:send";

    private static ICustomerGrain Customer(DispatcherHost host, string key = Key) => host.Customer(key);

    private static async Task AcceptAsync(DispatcherHost host, Call send) => Assert.IsType<AcceptResult.Accepted>(await Customer(host).Accept(send));

    private static Call Send(string body = """{"identifiers":{"id":"send"},"message_data":{"seq":1}}""") => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Send,
        LimitClass = LimitClass.TransactionalEmail,
        Method = "POST",
        Target = "/v1/send/email",
        Headers = [new("Content-Type", "application/json")],
        Body = Encoding.UTF8.GetBytes(body),
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Asks until the send has ended.</summary>
    private static Task<SendState> EndOfAsync(DispatcherHost host, Call send) =>
        Wait.ForAnswerAsync("The end of the send", _patience, async () => await Customer(host).GetSend(send.Id) is var state and not SendState.Waiting ? state : null);

    private Task WaitForArrivalsAsync(int arrivals) => Wait.UntilAsync($"Arrival {arrivals}", _patience, () => Sandbox.Report().Arrivals >= arrivals);
}
