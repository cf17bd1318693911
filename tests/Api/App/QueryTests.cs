using System.Net;
using System.Text;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Tests.App;

public sealed class QueryTests
{
    [Fact]
    public async Task A_query_goes_through_as_it_was_written()
    {
        await using var front = await AppFront.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(front.Caller.BaseAddress + "v1/customers/a%2Fb+c/segments?email=a@b.c&x=%c3%a9", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("X-Mine", "1");

        using var response = await front.Caller.SendAsync(request);

        Assert.Equal("""{"segments":[]}""", await response.Content.ReadAsStringAsync());
        var arrived = Assert.Single(front.Sandbox.Requests);
        Assert.Equal("GET /v1/customers/a%2Fb+c/segments?email=a@b.c&x=%c3%a9", $"{arrived.Method} {arrived.RawTarget}");
        Assert.Equal(["Authorization: Bearer app", $"Host: {front.Sandbox.Url.Authority}", "X-Mine: 1"], arrived.Headers.Select(h => $"{h.Key}: {h.Value}").Order());
        Assert.Equal(["asked query", "returned sent 200"], front.Permits);
    }

    [Theory]
    [InlineData("PUT", "/v1/customers/1/subscription_preferences", 200)]
    [InlineData("POST", "/v1/segments", 200)]
    [InlineData("DELETE", "/v1/segments/7", 204)]
    public async Task Every_method_and_its_body_go_through(string method, string target, int status)
    {
        await using var front = await AppFront.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), target) { Content = new StringContent("""{"a": 1.0}""", Encoding.UTF8, "application/json") };

        using var response = await front.Caller.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        var arrived = Assert.Single(front.Sandbox.Requests);
        Assert.Equal($"{method} {target}", $"{arrived.Method} {arrived.RawTarget}");
        Assert.Equal("""{"a": 1.0}"""u8.ToArray(), arrived.Body.ToArray());
    }

    [Fact]
    public async Task A_status_and_its_body_come_back_untouched()
    {
        await using var front = await AppFront.StartAsync();
        front.Sandbox.Faults = new SandboxFaults { Unavailable = 1, RetryAfter = "17" };

        using var response = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("17", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("""{"meta":{"error":"Service unavailable"}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task One_permit_is_one_arrival_even_where_a_connection_breaks_that_was_used_before()
    {
        await using var front = await AppFront.StartAsync();
        using var first = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));
        front.Sandbox.Faults = new SandboxFaults { Close = 1 };

        using var second = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadGateway, second.StatusCode);
        Assert.Equal(
            """{"errors":[{"detail":"The connection to Customer.io failed; whether the request took effect is unknown.","status":"502"}]}""",
            await second.Content.ReadAsStringAsync());
        Assert.Equal(2, front.Sandbox.Report().Arrivals);
        Assert.Equal(["asked query", "returned sent 200", "asked query", "returned sent"], front.Permits);
    }

    [Fact]
    public async Task A_query_that_is_not_answered_in_time_is_504()
    {
        await using var front = await AppFront.StartAsync(permit: _ => Task.FromResult(AppFront.Granted(attemptTimeout: 1)));
        front.Sandbox.Faults = new SandboxFaults { TimeOut = 1 };

        using var response = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_permit_or_the_key_it_is_refused_in_the_App_APIs_shape()
    {
        await using var front = await AppFront.StartAsync(
            permit: _ => Task.FromResult<PassThroughPermit>(new PassThroughPermit.Refused("The limit is used up.", TimeSpan.FromSeconds(42.1))));

        using var throttled = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));
        front.Caller.DefaultRequestHeaders.Authorization = null;
        using var stranger = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));

        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.Equal("43", throttled.Headers.GetValues("Retry-After").Single());
        Assert.Equal("""{"errors":[{"detail":"The limit is used up.","status":"429"}]}""", await throttled.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }
}
