using System.Net;
using System.Net.Http.Headers;
using CioOrleans.Api.Authentication;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Delivery;
using CioOrleans.Limits;
using CioOrleans.Sandbox;

namespace CioOrleans.Api.Tests.App;

/// <summary>Service accounts' tokens, from callers and towards Customer.io.</summary>
public sealed class ServiceTokenTests
{
    private static readonly WorkspaceSettings _token = TestWorkspaces.Named("acme", "site", "key") with
    {
        ServiceToken = "sa_live_1",
        WorkspaceId = "7",
        TrackUrl = new Uri("http://127.0.0.1:1"),
        AppUrl = new Uri("http://127.0.0.1:2"),
    };

    [Theory]
    [InlineData("Bearer sa_live_1", "7", "acme")]
    [InlineData("Bearer sa_live_1", " 8 ", "beta")]
    [InlineData("Bearer app", "8", "acme")]
    [InlineData("Bearer app", null, "acme")]
    [InlineData("Bearer sa_live_1", "9", null)]
    [InlineData("Bearer sa_live_1", "", null)]
    [InlineData("Bearer sa_live_1", null, null)]
    [InlineData("Bearer sa_live_2", "7", null)]
    [InlineData("Basic sa_live_1", "7", null)]
    public void A_token_is_valid_for_its_workspaces_only(string authorization, string? workspaceId, string? expected)
    {
        var authenticator = new BearerAuthenticator(new WorkspaceDirectory(
            [_token with { AppApiKey = "app" }, TestWorkspaces.Named("beta", "b", "k") with { ServiceToken = "sa_live_1", WorkspaceId = "8" }]));
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary { ["Authorization"] = authorization };
        if (workspaceId is not null)
        {
            headers["X-Workspace-Id"] = workspaceId;
        }

        Assert.Equal(expected, authenticator.Authenticate(headers)?.Name);
    }

    [Theory]
    [InlineData(null, SendHost.App, LimitClass.TransactionalEmail, "http://127.0.0.1:2/", "Bearer sa_live_1", "7")]
    [InlineData(null, SendHost.App, LimitClass.Query, "http://127.0.0.1:2/", "Bearer sa_live_1", "7")]
    [InlineData("app", SendHost.App, LimitClass.TransactionalPush, "http://127.0.0.1:2/", "Bearer app", null)]
    [InlineData("app", SendHost.Track, LimitClass.TransactionalPush, "http://127.0.0.1:1/", "Bearer sa_live_1", "7")]
    [InlineData("app", SendHost.Track, LimitClass.TransactionalEmail, "http://127.0.0.1:1/", "Bearer sa_live_1", "7")]
    [InlineData("app", SendHost.Track, LimitClass.Broadcast, "http://127.0.0.1:2/", "Bearer app", null)]
    [InlineData("app", SendHost.Track, LimitClass.Query, "http://127.0.0.1:2/", "Bearer app", null)]
    [InlineData(null, SendHost.Track, LimitClass.Identify, "http://127.0.0.1:1/", "Basic c2l0ZTprZXk=", null)]
    public void A_stored_call_leaves_with_the_credentials_of_its_host(string? appApiKey, SendHost host, LimitClass limitClass, string url, string authorization, string? workspaceId)
    {
        var workspace = _token with { AppApiKey = appApiKey, Sends = new SendSettings { Host = host } };
        var call = new Call
        {
            Id = Ulid.NewUlid(),
            Kind = CallKind.Send,
            LimitClass = limitClass,
            Method = "POST",
            Target = "/v1/send/email",
            Headers = [new CallHeader("X-Workspace-Id", "666")],
            Body = [],
            AcceptedAt = default,
        };

        Assert.Null(OutgoingRequest.TryCreate(workspace, call, out var request));

        using (request)
        {
            Assert.Equal(
                (url + "v1/send/email", authorization, workspaceId),
                (request!.RequestUri!.ToString(), request.Headers.Authorization!.ToString(), request.Headers.TryGetValues("X-Workspace-Id", out var ids) ? ids.Single() : null));
        }
    }

    [Fact]
    public async Task A_forwarded_send_and_a_query_leave_with_the_token_and_the_workspaces_own_number()
    {
        await using var receiver = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", AppApiKey = "sa_live_1", RecordRequests = 10 });
        await using var front = await AppFront.StartAsync(appUrl: receiver.Url, change: workspace => workspace with { AppApiKey = null, ServiceToken = "sa_live_1", WorkspaceId = "7" });
        front.Caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sa_live_1");
        using var without = await front.SendAsync();
        front.Caller.DefaultRequestHeaders.Add("X-Workspace-Id", "7");

        using var send = await front.SendAsync();
        using var query = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK), (without.StatusCode, send.StatusCode, query.StatusCode));
        Assert.Equal(["/v1/send/email 7", "/v1/segments 7"], receiver.Requests.Select(request => $"{request.RawTarget} {request.Headers.Single(header => header.Key == "X-Workspace-Id").Value}"));
    }
}
