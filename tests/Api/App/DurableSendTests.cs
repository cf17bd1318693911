using System.Globalization;
using System.Net;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.App;

public sealed class DurableSendTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("respond-async", SendMode.Forward)]
    [InlineData("wait=10, Respond-Async;x=1", SendMode.Forward)]
    [InlineData("", SendMode.Durable)]
    public async Task Where_it_is_asked_for_a_send_is_stored_and_the_answer_tells_where_to_look(string prefer, SendMode mode)
    {
        await using var front = await AppFront.StartAsync(new SendSettings { Mode = mode });

        using var response = await front.SendAsync(headers: [("Prefer", prefer), ("X-Mine", "1")]);

        var (workspace, customer, call) = Assert.Single(front.Sink.Calls);
        Assert.Equal(("acme", CustomerKey.ForSend(call.Id)), (workspace, customer));
        Assert.Equal((CallKind.Send, LimitClass.TransactionalEmail, "POST", "/v1/send/email"), (call.Kind, call.LimitClass, call.Method, call.Target));
        Assert.Equal("1", call.Headers.Find("X-Mine"));
        Assert.Null(call.Headers.Find("Prefer"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"/dispatch/sends/{call.Id}", response.Headers.Location!.OriginalString);
        Assert.Equal($$"""{"id":"{{call.Id}}","state":"waiting","result":"/dispatch/sends/{{call.Id}}"}""", await response.Content.ReadAsStringAsync());
        Assert.Empty(front.Permits);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, HttpStatusCode.TooManyRequests)]
    public async Task What_is_not_stored_is_not_sent_and_its_caller_is_told_when_to_come_back(bool isOverload, HttpStatusCode expected)
    {
        await using var front = await AppFront.StartAsync(new SendSettings { Mode = SendMode.Durable });
        front.Sink.Answer = new AcceptResult.Unavailable("Full.", TimeSpan.FromSeconds(4)) { IsOverload = isOverload };

        using var response = await front.SendAsync();

        Assert.Equal((expected, "4"), (response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
        Assert.Equal("""{"meta":{"error":"Full. Nothing was sent."}}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"identifiers":{"id":"42"}}""", "id:42")]
    [InlineData("""{"identifiers":{"email":"Ann@example.com"}}""", "email:ann@example.com")]
    [InlineData("""{"identifiers":{"cio_id":"03000001"}}""", "cio:03000001")]
    public async Task It_stands_in_its_persons_queue_where_it_is_to_come_after_that_persons_calls(string body, string customer)
    {
        string? asked = null;
        await using var front = await AppFront.StartAsync(customer: (call, _) =>
        {
            asked = call;
            return ValueTask.FromResult<SendState>(new SendState.Waiting(null));
        });

        using var response = await front.PostAsync("/v1/send/push", body, headers: [("Prefer", "respond-async"), ("X-Dispatch-After", "customer")]);
        using var result = await front.Caller.GetAsync(response.Headers.Location);

        Assert.Equal(customer, Assert.Single(front.Sink.Calls).Customer);
        Assert.Equal($"GetSend acme/{customer}", asked);
        Assert.Equal(HttpStatusCode.OK, result.StatusCode);
    }

    public static TheoryData<SendState, string> States => new()
    {
        { new SendState.Waiting("503"), """{"id":"ID","state":"waiting","reason":"503"}""" },
        { new SendState.Answered(200, """{"delivery_id":"d","queued_at":1}""", _noon), """{"id":"ID","state":"sent","at":"2026-11-24T12:00:00.0000000+00:00","status":200,"answer":{"delivery_id":"d","queued_at":1}}""" },
        { new SendState.Answered(400, """{"meta":{"error":"no"}}""", _noon), """{"id":"ID","state":"failed","at":"2026-11-24T12:00:00.0000000+00:00","reason":"400: {\"meta\":{\"error\":\"no\"}}","status":400,"answer":{"meta":{"error":"no"}}}""" },
        { new SendState.Dead("400: no", false, _noon), """{"id":"ID","state":"failed","at":"2026-11-24T12:00:00.0000000+00:00","reason":"400: no"}""" },
        { new SendState.Dead("lost", true, _noon), """{"id":"ID","state":"unknown","at":"2026-11-24T12:00:00.0000000+00:00","reason":"lost"}""" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task The_result_says_what_became_of_it(SendState state, string expected)
    {
        var id = Ulid.NewUlid();
        await using var front = await AppFront.StartAsync(customer: (_, values) => ValueTask.FromResult((Ulid)values[0]! == id ? state : SendState.Absent.Instance));

        Assert.Equal(expected.Replace("ID", id.ToString(), StringComparison.Ordinal), await front.Caller.GetStringAsync(new Uri($"/dispatch/sends/{id}", UriKind.Relative)));
    }

    [Fact]
    public async Task A_name_that_is_none_or_is_forgotten_is_404_and_needs_the_key_all_the_same()
    {
        await using var front = await AppFront.StartAsync(customer: (_, _) => ValueTask.FromResult<SendState>(SendState.Absent.Instance));

        using var none = await front.Caller.GetAsync(new Uri("/dispatch/sends/nonsense", UriKind.Relative));
        using var forgotten = await front.Caller.GetAsync(new Uri($"/dispatch/sends/{Ulid.NewUlid()}", UriKind.Relative));
        using var broken = await front.Caller.GetAsync(new Uri($"/dispatch/sends/{Ulid.NewUlid()}.%", UriKind.Relative));
        front.Caller.DefaultRequestHeaders.Authorization = null;
        using var stranger = await front.Caller.GetAsync(new Uri($"/dispatch/sends/{Ulid.NewUlid()}", UriKind.Relative));

        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized],
            [none.StatusCode, forgotten.StatusCode, broken.StatusCode, stranger.StatusCode]);
    }

    [Theory]
    [InlineData("[]", "customer", "The body is not a JSON object. Send one: {…}.")]
    [InlineData("{}", "customer", "X-Dispatch-After: customer needs \"identifiers\" with an id, email or cio_id. Name the person.")]
    [InlineData("{}", "everybody", "X-Dispatch-After knows no other value than \"customer\". Send that, or leave it out.")]
    public async Task What_cannot_be_stored_as_asked_for_is_refused(string body, string after, string error)
    {
        await using var front = await AppFront.StartAsync();

        using var response = await front.PostAsync("/v1/send/email", body, headers: [("Prefer", "respond-async"), ("X-Dispatch-After", after)]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(error, answer.RootElement.GetProperty("meta").GetProperty("error").GetString());
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task A_forwarded_send_waits_for_its_persons_calls_before_it_asks_for_a_permit()
    {
        var order = new List<string>();
        await using var front = await AppFront.StartAsync(
            permit: _ =>
            {
                order.Add("permit");
                return Task.FromResult(AppFront.Granted());
            },
            customer: (call, values) =>
            {
                order.Add($"{call} {((TimeSpan)values[0]! <= TimeSpan.FromSeconds(8)).ToString(CultureInfo.InvariantCulture)}");
                return ValueTask.FromResult(true);
            });

        using var response = await front.SendAsync(headers: ("X-Dispatch-After", "customer"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["WaitUntilDelivered acme/id:42 True", "permit"], order);
        Assert.DoesNotContain("X-Dispatch-After", front.Sandbox.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task Where_they_do_not_arrive_in_time_nothing_is_sent()
    {
        await using var front = await AppFront.StartAsync(customer: (_, _) => ValueTask.FromResult(false));

        using var response = await front.SendAsync(headers: ("X-Dispatch-After", "customer"));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("5", response.Headers.GetValues("Retry-After").Single());
        Assert.Empty(front.Permits);
        Assert.Empty(front.Sandbox.Requests);
    }
}
