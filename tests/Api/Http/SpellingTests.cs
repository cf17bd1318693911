using System.Net;
using CioOrleans.Api.Tests.App;
using CioOrleans.Api.Tests.Pipelines;
using CioOrleans.Api.Track;

namespace CioOrleans.Api.Tests.Http;

/// <summary>Other spellings of a path: one rule for all APIs.</summary>
public sealed class SpellingTests
{
    [Theory]
    [InlineData("/api/v1/customers/42", "/api/v1/customers/42")]
    [InlineData("/api/v1/customers/42/", "/api/v1/customers/42")]
    [InlineData("/api/v1/customers/42/?a=b//c/", "/api/v1/customers/42?a=b//c/")]
    [InlineData("/api/v1//customers/42", "/api/v1/customers/42")]
    [InlineData("/api//v1///customers/42/events/", "/api/v1/customers/42/events")]
    [InlineData("/%61pi/v1/c%75stomers/%34%32", "/api/v1/customers/42")]
    [InlineData("/api/v1/customers/a%2Fb%7E%2d%5F%2E%40", "/api/v1/customers/a%2Fb~-_%2E%40")]
    [InlineData("/v1//send/email/", "/v1/send/email")]
    [InlineData("/v1/%73end/%65mail", "/v1/send/email")]
    [InlineData("//unsubscribe/x", "/unsubscribe/x")]
    [InlineData("//api/v1/customers/42", "/api/v1/customers/42")]
    [InlineData("///%61pi//v1//customers/42/", "/api/v1/customers/42")]
    [InlineData("//v1/send/email?a=//b", "/v1/send/email?a=//b")]
    [InlineData("//v1/campaigns//triggers", "/v1/campaigns//triggers")]
    [InlineData("//v1", "//v1")]
    [InlineData("//v1.example/send/email", "//v1.example/send/email")]
    [InlineData("//evil.example/v1/send/email", "//evil.example/v1/send/email")]
    [InlineData("//admin/workspaces", "//admin/workspaces")]
    [InlineData("/api/v1/customers//events", "/api/v1/customers//events")]
    [InlineData("/api/v1/customers//", "/api/v1/customers//")]
    [InlineData("/api/v1/customers/42//events", "/api/v1/customers/42//events")]
    [InlineData("/v1/campaigns/7//triggers", "/v1/campaigns/7//triggers")]
    [InlineData("/v1/x/%2e%2e/send/email", "/v1/x/%2e%2e/send/email")]
    [InlineData("/api/v1/customers/%252F%2", "/api/v1/customers/%252F%2")]
    [InlineData("/unsubscribe/", "/unsubscribe/")]
    [InlineData("/api/v1/customers/", "/api/v1/customers/")]
    [InlineData("/v1/customers/", "/v1/customers")]
    [InlineData("/", "/")]
    [InlineData("//", "//")]
    [InlineData("/?//", "/?//")]
    public void A_target_is_brought_to_plain_form(string target, string plain) => Assert.Equal(plain, RawTarget.ToPlainForm(target));

    [Theory]
    [InlineData("PUT", "/api/v1/customers/42/", "/api/v1/customers/42", "id:42")]
    [InlineData("PUT", "/api/v1//customers/%34%32", "/api/v1/customers/42", "id:42")]
    [InlineData("PUT", "//api/v1/customers/42", "/api/v1/customers/42", "id:42")]
    [InlineData("POST", "/%61pi/v2/entity/", "/api/v2/entity", "id:42")]
    public async Task The_Track_API_stores_the_documented_form(string method, string target, string stored, string customer)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync(method, target, """{"type":"person","action":"identify","identifiers":{"id":"42"}}""");

        Assert.Equal(200, response.Status);
        var call = Assert.Single(front.Sink.Calls);
        Assert.Equal((stored, customer), (call.Call.Target, call.Customer));
    }

    [Fact]
    public async Task A_missing_identifier_is_still_refused()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v1/customers//events", """{"name":"e"}""");

        Assert.Equal(400, response.Status);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task The_Pipelines_API_takes_them_too()
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync("%69dentify/", """{"userId":"42"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/v1/identify", Assert.Single(front.Sink.Calls).Call.Target);
    }

    [Fact]
    public async Task The_App_API_takes_them_too_and_protects_a_send_in_each()
    {
        await using var front = await AppFront.StartAsync();

        using var send = await front.PostAsync("/v1/send/email/", """{"identifiers":{"id":"42"}}""");
        using var query = await front.Caller.GetAsync(new Uri("/v1/segments/", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (send.StatusCode, query.StatusCode));
        Assert.Equal(["/v1/send/email", "/v1/segments"], front.Sandbox.Requests.Select(request => request.RawTarget));
        Assert.Equal(["asked transactional-email", "returned sent 200", "asked query", "returned sent 200"], front.Permits);
    }
}
