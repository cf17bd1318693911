using System.Net;

namespace CioOrleans.Operating.Tests;

public sealed class AdminAccessTests
{
    private const string Workspaces = """{"workspaces":["acme","beta"]}""";
    private const string Forbidden = """{"meta":{"error":"Without a key only callers on the same machine are let in: set Dispatcher:Admin:ApiKey and send it as 'Authorization: Bearer <key>'."}}""";
    private const string Unauthorized = """{"meta":{"error":"Send the key of Dispatcher:Admin:ApiKey as 'Authorization: Bearer <key>'."}}""";

    [Fact]
    public async Task Without_a_key_a_caller_on_this_machine_is_let_in()
    {
        await using var host = await Host.StartAsync();

        Assert.Equal((HttpStatusCode.OK, Workspaces), await host.SendAsync("GET", "/admin/workspaces"));
        Assert.Equal((HttpStatusCode.OK, Workspaces), await host.SendAsync("GET", "/admin/workspaces", null, ("Host", "localhost"), ("Sec-Fetch-Site", "none")));
        Assert.Equal((HttpStatusCode.OK, Workspaces), await host.SendAsync("GET", "/admin/workspaces", null, ("Host", "[::1]:5080")));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "rebound.example")]
    public async Task Without_a_key_whoever_only_looks_local_is_refused_and_told_which_key_to_set(string header, string value)
    {
        await using var host = await Host.StartAsync();

        Assert.Equal((HttpStatusCode.Forbidden, Forbidden), await host.SendAsync("GET", "/admin/workspaces", null, (header, value)));
    }

    [Fact]
    public async Task A_configured_key_opens_also_from_behind_a_proxy()
    {
        await using var host = await Host.StartAsync("s3cret");

        Assert.Equal((HttpStatusCode.OK, Workspaces), await host.SendAsync("GET", "/admin/workspaces", null, ("X-Forwarded-For", "203.0.113.9")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer s3cre")]
    [InlineData("Bearer s3cret2")]
    [InlineData("Bearer")]
    [InlineData("Basic s3cret")]
    public async Task A_configured_key_is_required_on_this_machine_too(string? authorization)
    {
        await using var host = await Host.StartAsync("s3cret");
        host.Http.DefaultRequestHeaders.Authorization = null;
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        Assert.Equal((HttpStatusCode.Unauthorized, Unauthorized), await host.SendAsync("GET", "/admin/workspaces", null, headers));
        Assert.Equal((HttpStatusCode.Unauthorized, Unauthorized), await host.SendAsync("GET", "/admin/workspaces/nobody", null, headers));
        Assert.Equal((HttpStatusCode.Unauthorized, Unauthorized), await host.SendAsync("GET", "/admin/nothing", null, headers));
    }
}
