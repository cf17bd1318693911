using System.Net;
using System.Text.Json;
using CioOrleans.Api.App;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Limits;
using Microsoft.AspNetCore.Http;

namespace CioOrleans.Api.Tests.App;

/// <summary>Sends under an <c>Idempotency-Key</c>, as their callers see them.</summary>
public sealed class KeyedSendTests
{
    private const string Body = """{"identifiers":{"id":"42"},"message_data":{"seq":1}}""";

    private static readonly DateTimeOffset _noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly SendState _sent = new SendState.Answered(200, """{"delivery_id":"d"}""", _noon) { ContentType = "application/json" };

    public static TheoryData<SendState, HttpStatusCode, string> States => new()
    {
        { _sent, HttpStatusCode.OK, """{"delivery_id":"d"}""" },
        { new SendState.Answered(400, "no such template", _noon) { ContentType = "text/plain" }, HttpStatusCode.BadRequest, "no such template" },
        {
            new SendState.Dead("outcome unknown, the message may have been sent: 500", true, _noon), HttpStatusCode.FailedDependency,
            """{"meta":{"error":"outcome unknown, the message may have been sent: 500. A repeat under this key is answered so until an operator replays or discards the dead letter."}}"""
        },
        {
            new SendState.Dead("it cannot be written", false, _noon), HttpStatusCode.FailedDependency,
            """{"meta":{"error":"Nothing was sent: it cannot be written. It is kept as a dead letter that an operator may replay."}}"""
        },
        {
            SendState.Absent.Instance, HttpStatusCode.Gone,
            """{"meta":{"error":"The send under this Idempotency-Key was discarded by an operator, or its answer is not kept any more. Nothing was sent for this request."}}"""
        },
        {
            new SendState.Waiting(null), HttpStatusCode.ServiceUnavailable,
            """{"meta":{"error":"The message is queued under this Idempotency-Key and will be sent once. Repeat the request under the same key to get its answer."}}"""
        },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task Its_caller_gets_what_became_of_it(SendState state, HttpStatusCode status, string body)
    {
        await using var front = await AppFront.StartAsync(new SendSettings { Deadline = TimeSpan.FromMilliseconds(50) }, customer: (_, _) => ValueTask.FromResult(state));

        using var response = await front.SendAsync(headers: ("Idempotency-Key", "order-42"));

        Assert.Equal((status, body), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(
            (state as SendState.Answered)?.ContentType ?? "application/json",
            response.Content.Headers.ContentType?.ToString());
        Assert.Equal(state is SendState.Dead { IsOutcomeUnknown: true }, response.Headers.Contains("X-Dispatch-Outcome"));
        Assert.Equal(state is SendState.Waiting ? TimeSpan.FromSeconds(1) : null, response.Headers.RetryAfter?.Delta);
        Assert.Empty(front.Permits);
    }

    [Theory]
    [InlineData("/v1/send/email", LimitClass.TransactionalEmail)]
    [InlineData("/v1/send/push", LimitClass.TransactionalPush)]
    [InlineData("/v1/campaigns/7/triggers", LimitClass.Broadcast)]
    [InlineData("/v1/newsletters/7/send", LimitClass.Query)]
    public async Task It_is_stored_without_its_key_among_its_headers(string target, LimitClass limitClass)
    {
        SendKey? offered = null;
        await using var front = await AppFront.StartAsync(customer: (_, _) => ValueTask.FromResult(_sent));
        front.Sink.KeyedAnswer = (call, key) =>
        {
            offered = key;
            return new KeyedAccept.Bound(new SendBinding(call.Id, "send:1", key.Content), IsNew: true);
        };

        using var response = await front.PostAsync(target, Body, headers: [("Idempotency-Key", "order-42"), ("X-Mine", "1")]);

        var (workspace, customer, call) = Assert.Single(front.Sink.Calls);
        Assert.Equal(("acme", CustomerKey.ForSend(call.Id)), (workspace, customer));
        Assert.Equal((CallKind.Send, limitClass, "POST", target, Body), (call.Kind, call.LimitClass, call.Method, call.Target, System.Text.Encoding.UTF8.GetString(call.Body)));
        Assert.Contains(call.Headers, header => header.Name == "X-Mine");
        Assert.DoesNotContain(call.Headers, header => header.Name.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(SendKey.Of("order-42", target, target, call.Body), offered);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task It_is_looked_for_in_the_queue_that_its_key_is_bound_to()
    {
        var bound = Ulid.NewUlid();
        string? asked = null;
        await using var front = await AppFront.StartAsync(customer: (call, values) =>
        {
            asked = $"{call} {values[0]}";
            return ValueTask.FromResult(_sent);
        });
        front.Sink.KeyedAnswer = (_, key) => new KeyedAccept.Bound(new SendBinding(bound, "id:9", key.Content), IsNew: false);

        using var response = await front.SendAsync(headers: ("Idempotency-Key", "order-42"));

        Assert.Equal($"AwaitSend acme/id:9 {bound}", asked);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_silo_that_dies_while_it_waits_costs_a_look_and_not_the_answer()
    {
        var looks = 0;
        await using var front = await AppFront.StartAsync(customer: (_, _) =>
            ++looks == 1 ? throw new TimeoutException("the silo is gone") : ValueTask.FromResult(looks == 2 ? new SendState.Waiting(null) : _sent));

        using var response = await front.SendAsync(headers: ("Idempotency-Key", "order-42"));

        Assert.Equal((HttpStatusCode.OK, 3), (response.StatusCode, looks));
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_409()
    {
        await using var front = await AppFront.StartAsync();
        front.Sink.KeyedAnswer = (_, _) => KeyedAccept.OtherContent.Instance;

        using var response = await front.SendAsync(headers: ("Idempotency-Key", "order-42"));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    public static TheoryData<AcceptResult, HttpStatusCode> Refusals => new()
    {
        { new AcceptResult.Unavailable("Full.", TimeSpan.FromSeconds(4)), HttpStatusCode.ServiceUnavailable },
        { new AcceptResult.Unavailable("Full.", TimeSpan.FromSeconds(4)) { IsOverload = true }, HttpStatusCode.TooManyRequests },
        { new AcceptResult.Uncertain("Full.", TimeSpan.FromSeconds(4)), HttpStatusCode.ServiceUnavailable },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Where_it_may_not_be_stored_its_caller_is_asked_to_repeat_it_under_the_same_key(AcceptResult refusal, HttpStatusCode status)
    {
        await using var front = await AppFront.StartAsync();
        front.Sink.KeyedAnswer = (_, _) => new KeyedAccept.Refused((AcceptResult.NotAccepted)refusal);

        using var response = await front.SendAsync(headers: ("Idempotency-Key", "order-42"));

        Assert.Equal((status, TimeSpan.FromSeconds(4)), (response.StatusCode, response.Headers.RetryAfter!.Delta));
        Assert.Equal("""{"meta":{"error":"Full. Repeat it under the same Idempotency-Key: it is sent once."}}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/v1/send/email")]
    [InlineData("/v1/campaigns/7/triggers")]
    public async Task A_key_that_is_none_is_400_and_binds_nothing(string target)
    {
        await using var front = await AppFront.StartAsync();

        foreach (var key in new[] { "", new string('x', 256) })
        {
            using var response = await front.PostAsync(target, Body, headers: ("Idempotency-Key", key));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        Assert.Empty(front.Sink.Calls);
    }

    // As two lines: a client that joins them sends one value with a comma in it.
    [Fact]
    public void Two_keys_are_none()
    {
        var problem = IdempotencyKey.Read(new HeaderDictionary { ["Idempotency-Key"] = new(["a", "b"]) }, out var key);

        Assert.NotNull(problem);
        Assert.Null(key);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", true)]
    [InlineData("order 42, part 1", true)]
    [InlineData("größe", false)]
    [InlineData("a\u007f", false)]
    [InlineData("tab\there", false)]
    public void A_key_is_printable_ASCII(string key, bool isOne)
    {
        var problem = IdempotencyKey.Read(new HeaderDictionary { ["Idempotency-Key"] = key }, out var read);

        Assert.Equal((isOne, isOne ? key : null), (problem is null, read));
    }

    [Fact]
    public async Task Who_asks_not_to_wait_gets_a_receipt_of_the_send_that_the_key_is_bound_to()
    {
        var bound = Ulid.NewUlid();
        await using var front = await AppFront.StartAsync(customer: (_, _) => ValueTask.FromResult(_sent));
        front.Sink.KeyedAnswer = (_, key) => new KeyedAccept.Bound(new SendBinding(bound, CustomerKey.ForSend(bound), key.Content), IsNew: false);

        using var response = await front.SendAsync(headers: [("Idempotency-Key", "order-42"), ("Prefer", "respond-async")]);

        Assert.Equal($$"""{"id":"{{bound}}","state":"sent","result":"/dispatch/sends/{{bound}}"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_send_that_comes_after_its_persons_calls_stands_in_that_persons_queue()
    {
        await using var front = await AppFront.StartAsync(customer: (_, _) => ValueTask.FromResult(_sent));

        using var response = await front.SendAsync(headers: [("Idempotency-Key", "order-42"), ("X-Dispatch-After", "customer")]);

        Assert.Equal("id:42", Assert.Single(front.Sink.Calls).Customer);
    }

    [Fact]
    public async Task A_stored_send_without_a_key_whose_storing_is_uncertain_is_424_with_its_receipt()
    {
        await using var front = await AppFront.StartAsync(new SendSettings { Mode = SendMode.Durable });
        front.Sink.Answer = new AcceptResult.Uncertain("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1));

        using var response = await front.SendAsync();

        var receipt = $"/dispatch/sends/{Assert.Single(front.Sink.Calls).Call.Id}";
        Assert.Equal((HttpStatusCode.FailedDependency, receipt), (response.StatusCode, response.Headers.Location!.OriginalString));
        Assert.Equal("unknown", response.Headers.GetValues("X-Dispatch-Outcome").Single());
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(
            $"The dispatcher cannot take calls at the moment. The message may be stored, and is sent then. Look at {receipt} before you repeat it, or it may be sent twice.",
            answer.RootElement.GetProperty("meta").GetProperty("error").GetString());
    }
}
