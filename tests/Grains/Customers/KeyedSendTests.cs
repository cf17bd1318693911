using System.Text;
using CioOrleans.Calls;
using CioOrleans.Limits;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing;

namespace CioOrleans.Customers;

/// <summary>Sends under a key, through the grains and the file.</summary>
public sealed class KeyedSendTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Of_twenty_offers_of_a_key_at_once_in_different_queues_one_goes_out_and_all_are_told_of_it()
    {
        await using var host = await StartAsync();

        var offers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => OfferAsync(host, $"send:{i % 5}", Send())));

        var binding = Assert.Single(offers.Select(offer => Assert.IsType<KeyedAccept.Bound>(offer).Binding).Distinct());
        Assert.Single(offers, offer => offer is KeyedAccept.Bound { IsNew: true });
        Assert.Equal(200, Assert.IsType<SendState.Answered>(await EndAsync(host, binding)).Status);
        Assert.Equal((1, 1), (Sandbox.Report().Arrivals, Sandbox.Report().Sends.Sent));
    }

    [Fact]
    public async Task A_queue_that_refused_offers_of_a_bound_key_does_not_report_unknown_sends_as_waiting()
    {
        await using var host = await StartAsync();
        var offers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OfferAsync(host, "send:1", Send())));
        await EndAsync(host, Assert.IsType<KeyedAccept.Bound>(offers[0]).Binding);

        Assert.IsType<SendState.Absent>(await host.Customer("send:1").GetSend(Ulid.NewUlid()));
    }

    [Fact]
    public async Task A_key_finds_its_send_and_its_answer_after_a_restart()
    {
        SendBinding binding;
        await using (var host = await StartAsync())
        {
            binding = Assert.IsType<KeyedAccept.Bound>(await OfferAsync(host, "send:1", Send())).Binding;
            await EndAsync(host, binding);
        }

        await using var again = await StartAsync();

        Assert.Equal(new KeyedAccept.Bound(binding, IsNew: false), await OfferAsync(again, "send:2", Send()));
        Assert.Equal(200, Assert.IsType<SendState.Answered>(await EndAsync(again, binding)).Status);
        Assert.Equal(1, Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task Another_content_under_the_same_key_is_told_so_and_not_sent()
    {
        await using var host = await StartAsync();
        var binding = Assert.IsType<KeyedAccept.Bound>(await OfferAsync(host, "send:1", Send())).Binding;
        await EndAsync(host, binding);

        Assert.IsType<KeyedAccept.OtherContent>(await OfferAsync(host, "send:1", Send("""{"identifiers":{"id":"other"}}""")));
        Assert.Equal(1, Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task A_refusal_of_Customer_io_is_repeated_to_whoever_asks_until_the_dead_letter_is_replayed()
    {
        await using var host = await StartAsync();
        var binding = Assert.IsType<KeyedAccept.Bound>(await OfferAsync(host, "send:1", Send("{}"))).Binding;

        Assert.Equal(400, Assert.IsType<SendState.Answered>(await EndAsync(host, binding)).Status);
        Assert.Equal(new KeyedAccept.Bound(binding, IsNew: false), await OfferAsync(host, "send:1", Send("{}")));
        Assert.Equal(400, Assert.IsType<SendState.Answered>(await EndAsync(host, binding)).Status);
        Assert.Equal(1, Sandbox.Report().Arrivals);

        await host.Workspace.Pause("so that it waits");
        await host.DeadLetters.Replay(binding.CallId, UnhurriedAccepts.Never);
        Assert.IsType<SendState.Waiting>(await host.Customer(binding.Customer).GetSend(binding.CallId));
        await host.Workspace.Resume();
        Assert.Equal(400, Assert.IsType<SendState.Answered>(await EndAsync(host, binding)).Status);
        Assert.Equal(2, Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task An_unknown_outcome_stays_one_for_whoever_asks_again()
    {
        await using var host = await StartAsync();
        Sandbox.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };
        var binding = Assert.IsType<KeyedAccept.Bound>(await OfferAsync(host, "send:1", Send())).Binding;
        Assert.True(Assert.IsType<SendState.Dead>(await EndAsync(host, binding)).IsOutcomeUnknown);
        Sandbox.Faults = SandboxFaults.None;

        Assert.Equal(new KeyedAccept.Bound(binding, IsNew: false), await OfferAsync(host, "send:3", Send()));

        Assert.True(Assert.IsType<SendState.Dead>(await EndAsync(host, binding)).IsOutcomeUnknown);
        Assert.Equal(1, Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task Who_waits_for_a_send_is_told_its_end_when_it_comes()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("so that it waits");
        var binding = Assert.IsType<KeyedAccept.Bound>(await OfferAsync(host, "send:1", Send())).Binding;

        Assert.IsType<SendState.Waiting>(await host.Customer(binding.Customer).AwaitSend(binding.CallId, TimeSpan.FromMilliseconds(50)));
        var waiting = host.Customer(binding.Customer).AwaitSend(binding.CallId, TimeSpan.FromSeconds(9)).AsTask();
        await host.Workspace.Resume();

        Assert.IsType<SendState.Answered>(await waiting);
    }

    private static Task<KeyedAccept> OfferAsync(DispatcherHost host, string queue, Call send) =>
        host.Customer(queue).AcceptSend(send, SendKey.Of("order-42", send.Target, send.Target, send.Body), UnhurriedAccepts.Never).AsTask();

    /// <summary>Looks until it has ended; the limit of a look is only there so that a lost one does not hang the test.</summary>
    private static Task<SendState> EndAsync(DispatcherHost host, SendBinding binding) => Wait.ForAnswerAsync("The end of the send", _patience, async () =>
        await host.Customer(binding.Customer).AwaitSend(binding.CallId, TimeSpan.FromSeconds(5)) is var state and not SendState.Waiting ? state : null);

    private static Call Send(string body = """{"identifiers":{"id":"send"},"message_data":{"seq":1}}""") => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Send,
        LimitClass = LimitClass.TransactionalEmail,
        Method = "POST",
        Target = "/v1/send/email",
        Headers = [new CallHeader("Content-Type", "application/json")],
        Body = Encoding.UTF8.GetBytes(body),
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };
}
