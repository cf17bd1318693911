using CioOrleans.Configuration;
using System.Text;

namespace CioOrleans.Api.Tests.Http;

public sealed class CredentialTests
{
    private const string Unauthorized = """{"meta":{"error":"Unauthorized request"}}""";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Basic c2l0ZQ==")]
    [InlineData("Bearer c2l0ZTprZXk=")]
    [InlineData("Basic c2l0ZTprZXl5")]
    [InlineData("Basic c2l0ZTo=")]
    [InlineData("Basic b3RoZXI6a2V5")]
    public async Task Credentials_of_no_workspace_are_answered_401(string? authorization)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("PUT", "/api/v1/customers/1", "{}", authorization);

        Assert.Equal((401, Unauthorized), (response.Status, response.Body));
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [InlineData("/api/v1/metrics")]
    [InlineData("/push/events")]
    [InlineData("/unsubscribe/d")]
    public async Task Where_none_are_needed_wrong_ones_are_refused_all_the_same(string target)
    {
        await using var front = await Front.StartAsync();

        Assert.Equal(401, (await front.SendAsync("POST", target, "{}", "Basic b3RoZXI6a2V5")).Status);
        Assert.Equal(200, (await front.SendAsync("POST", target, "{}", authorization: null)).Status);
    }

    [Fact]
    public async Task Each_workspace_is_found_by_its_own_credentials()
    {
        await using var front = await Front.StartAsync(null, TestWorkspaces.Named("a", "sa", "ka"), TestWorkspaces.Named("b", "sb", "kb"));

        Assert.Equal(200, (await front.SendAsync("PUT", "/api/v1/customers/1", "{}", Basic("sb:kb"))).Status);
        Assert.Equal(200, (await front.SendAsync("POST", "/api/v1/metrics", "{}", Basic("sa:ka"))).Status);
        Assert.Equal(401, (await front.SendAsync("PUT", "/api/v1/customers/1", "{}", Basic("sa:kb"))).Status);
        Assert.Equal(["b", "a"], front.Sink.Calls.Select(c => c.Workspace));
    }

    [Fact]
    public async Task Among_several_workspaces_a_call_without_credentials_needs_a_default()
    {
        await using var front = await Front.StartAsync(null, TestWorkspaces.Named("a", "sa", "ka"), TestWorkspaces.Named("b", "sb", "kb"));

        var response = await front.SendAsync("POST", "/api/v1/metrics", "{}", authorization: null);

        Assert.Equal(401, response.Status);
        Assert.Contains("Dispatcher:Api:DefaultWorkspace", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_workspace_gets_the_calls_without_credentials()
    {
        await using var front = await Front.StartAsync(new ApiSettings("b", MaxBodyBytes: 100_000), TestWorkspaces.Named("a", "sa", "ka"), TestWorkspaces.Named("b", "sb", "kb"));

        Assert.Equal(200, (await front.SendAsync("POST", "/unsubscribe/d", "{}", authorization: null)).Status);
        Assert.Equal("b", Assert.Single(front.Sink.Calls).Workspace);
    }

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
}
