using System.Net;
using System.Text.Json;
using CioOrleans.Configuration;
using CioOrleans.Limits;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Tests.App;

public sealed class SendTests
{
    [Theory]
    [InlineData("email", "transactional-email")]
    [InlineData("push", "transactional-push")]
    [InlineData("sms", "transactional-email")]
    [InlineData("in_app", "transactional-push")]
    [InlineData("inbox_message", "transactional-push")]
    [InlineData("fax", "transactional-push")]
    public async Task A_send_takes_a_permit_of_its_class_and_gets_Customer_ios_own_answer(string kind, string limitClass)
    {
        await using var front = await AppFront.StartAsync(new SendSettings { Sms = LimitClass.TransactionalEmail });

        using var response = await front.SendAsync(kind);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([$"asked {limitClass}", "returned sent 200"], front.Permits);
        var arrived = Assert.Single(front.Sandbox.Requests);
        Assert.Equal($"/v1/send/{kind}", arrived.RawTarget);
        Assert.Equal("""{"identifiers":{"id":"42"},"message_data":{"seq":1}}"""u8.ToArray(), arrived.Body.ToArray());
    }

    [Fact]
    public async Task The_answer_is_passed_on_whole()
    {
        await using var front = await AppFront.StartAsync();

        using var sent = await front.SendAsync();
        using var refused = await front.PostAsync("/v1/send/email", "{}");

        using var answer = JsonDocument.Parse(await sent.Content.ReadAsStringAsync());
        Assert.Equal("dlv-1", answer.RootElement.GetProperty("delivery_id").GetString());
        Assert.Equal("application/json", sent.Content.Headers.ContentType!.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("""{"meta":{"error":"identifiers are required"}}""", await refused.Content.ReadAsStringAsync());
    }

    public static TheoryData<string, SandboxFaults, int, int> UnknownOutcomes => new()
    {
        { "500", new SandboxFaults { ServerError = 1 }, 500, 0 },
        { "500 once sent", new SandboxFaults { ServerErrorAfterProcessing = 1 }, 500, 1 },
        { "503", new SandboxFaults { Unavailable = 1 }, 503, 0 },
        { "time-out", new SandboxFaults { TimeOut = 1 }, 504, 0 },
        { "time-out once sent", new SandboxFaults { TimeOutAfterProcessing = 1 }, 504, 1 },
        { "reset", new SandboxFaults { Reset = 1 }, 502, 0 },
        { "reset once sent", new SandboxFaults { ResetAfterProcessing = 1 }, 502, 1 },
        { "closed", new SandboxFaults { Close = 1 }, 502, 0 },
    };

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task An_unknown_outcome_is_told_at_once_with_a_status_that_no_SDK_repeats(string what, SandboxFaults faults, int asReceived, int sent)
    {
        await using var front = await AppFront.StartAsync(permit: _ => Task.FromResult(AppFront.Granted(attemptTimeout: 1)));
        front.Sandbox.Faults = faults;

        using var response = await front.SendAsync();

        Assert.True(response.StatusCode == HttpStatusCode.FailedDependency, $"{what} ({asReceived}): {response.StatusCode}");
        Assert.Equal("unknown", response.Headers.GetValues("X-Dispatch-Outcome").Single());
        Assert.False(response.Headers.Contains("Retry-After"));
        Assert.Contains(
            "The message may have been sent: repeat it only after you have looked, or it may be sent twice.", await ErrorOf(response), StringComparison.Ordinal);
        Assert.Equal((1, sent), (front.Sandbox.Report().Arrivals, front.Sandbox.Report().Sends.Sent));
        Assert.Equal(["asked transactional-email", $"returned sent {(asReceived is 500 or 503 ? asReceived : "")}".TrimEnd()], front.Permits);
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task It_is_told_as_a_proxy_tells_it_where_the_settings_say_so(string what, SandboxFaults faults, int asReceived, int sent)
    {
        await using var front = await AppFront.StartAsync(
            new SendSettings { UnknownOutcome = UnknownOutcomeAnswer.AsReceived }, _ => Task.FromResult(AppFront.Granted(attemptTimeout: 1)));
        front.Sandbox.Faults = faults;

        using var response = await front.SendAsync();

        Assert.True((int)response.StatusCode == asReceived, $"{what}: {response.StatusCode}");
        Assert.Equal("unknown", response.Headers.GetValues("X-Dispatch-Outcome").Single());
        Assert.Equal(sent, front.Sandbox.Report().Sends.Sent);
    }

    [Fact]
    public async Task After_a_429_with_nothing_sent_it_goes_out_under_the_next_permit()
    {
        AppFront? front = null;
        front = await AppFront.StartAsync(permit: number =>
        {
            front!.Sandbox.Faults = number == 1 ? new SandboxFaults { Throttled = 1 } : SandboxFaults.None;
            return Task.FromResult(AppFront.Granted());
        });
        await using var disposed = front;

        using var response = await front.SendAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["asked transactional-email", "returned sent 429", "asked transactional-email", "returned sent 200"], front.Permits);
        Assert.Equal(1, front.Sandbox.Report().Sends.Sent);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_tried_until_the_deadline_and_the_caller_may_repeat_it()
    {
        await using var front = await AppFront.StartAsync(new SendSettings { Deadline = TimeSpan.FromSeconds(1) }, appUrl: new Uri("http://127.0.0.1:1"));

        using var response = await front.SendAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("Customer.io cannot be reached. Nothing was sent. Try again.", await ErrorOf(response));
        Assert.True(response.Headers.RetryAfter!.Delta <= TimeSpan.FromSeconds(10));
        Assert.True(front.Permits.Count >= 4, string.Join(", ", front.Permits));
        Assert.All(front.Permits, line => Assert.Contains(line, (string[])["asked transactional-email", "returned unsent"]));
    }

    [Fact]
    public async Task Without_a_permit_in_time_it_is_429_and_nothing_is_sent()
    {
        await using var front = await AppFront.StartAsync(
            permit: _ => Task.FromResult<PassThroughPermit>(new PassThroughPermit.Refused("The limit is used up.", TimeSpan.FromMinutes(1))));

        using var response = await front.SendAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("60", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("The limit is used up. Nothing was sent. Try again.", await ErrorOf(response));
        Assert.Equal(0, front.Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task A_permit_for_a_caller_who_has_gone_is_given_back_and_nothing_is_sent()
    {
        var waiting = new TaskCompletionSource();
        var permit = new TaskCompletionSource<PassThroughPermit>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var front = await AppFront.StartAsync(permit: _ =>
        {
            waiting.SetResult();
            return permit.Task;
        });
        using var gone = new CancellationTokenSource();
        var sending = front.SendAsync(stop: gone.Token);
        await waiting.Task;

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        permit.SetResult(AppFront.Granted());

        await Wait.UntilAsync("The return of the permit", TimeSpan.FromSeconds(60), () => front.Permits.Count >= 2);

        Assert.Equal(["asked transactional-email", "returned unsent"], front.Permits);
        Assert.Equal(0, front.Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task A_broadcast_takes_a_permit_of_its_class_and_is_never_repeated_either()
    {
        await using var front = await AppFront.StartAsync();

        using var triggered = await front.PostAsync("/v1/campaigns/3/triggers", """{"data":{"seq":1}}""");
        front.Sandbox.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };
        using var unknown = await front.PostAsync("/v1/campaigns/3/triggers", """{"data":{"seq":2}}""");

        Assert.Equal("""{"id":1}""", await triggered.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.FailedDependency, unknown.StatusCode);
        Assert.Equal(["asked broadcast", "returned sent 200", "asked broadcast", "returned sent 500"], front.Permits);
        Assert.Equal((2, 0), (front.Sandbox.Report().Sends.Sent, front.Sandbox.Report().Sends.SentTwice));
    }

    [Fact]
    public async Task Another_key_is_refused_in_the_shape_of_sends()
    {
        await using var front = await AppFront.StartAsync();
        front.Caller.DefaultRequestHeaders.Authorization = new("Bearer", "apq");

        using var response = await front.SendAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Unauthorized request", await ErrorOf(response), StringComparison.Ordinal);
        Assert.Empty(front.Permits);
    }

    [Fact]
    public async Task A_body_beyond_what_Customer_io_takes_is_refused()
    {
        await using var front = await AppFront.StartAsync();

        using var response = await front.PostAsync("/v1/send/email", new string('x', (4 * 1024 * 1024) + 1));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(front.Permits);
    }

    private static async Task<string> ErrorOf(HttpResponseMessage response)
    {
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("meta").GetProperty("error").GetString()!;
    }
}
