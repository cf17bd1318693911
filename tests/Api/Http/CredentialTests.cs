using System.Text;
using CioOrleans.Calls;
using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;

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
        await using var front = await Front.StartAsync(Open());

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
        await using var front = await Front.StartAsync(Open(), TestWorkspaces.Named("a", "sa", "ka"), TestWorkspaces.Named("b", "sb", "kb"));

        var response = await front.SendAsync("POST", "/api/v1/metrics", "{}", authorization: null);

        Assert.Equal(401, response.Status);
        Assert.Contains("Dispatcher:Api:DefaultWorkspace", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_workspace_gets_the_calls_without_credentials()
    {
        await using var front = await Front.StartAsync(Open("b"), TestWorkspaces.Named("a", "sa", "ka"), TestWorkspaces.Named("b", "sb", "kb"));

        Assert.Equal(200, (await front.SendAsync("POST", "/unsubscribe/d", "{}", authorization: null)).Status);
        Assert.Equal("b", Assert.Single(front.Sink.Calls).Workspace);
    }

    [Theory]
    [InlineData("/api/v1/metrics")]
    [InlineData("/api/v1/push/events")]
    [InlineData("/push/events")]
    [InlineData("/unsubscribe/d")]
    public async Task The_paths_that_Customer_io_serves_without_credentials_ask_for_them_here_and_name_the_setting_that_opens_them(string target)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", target, "{}", authorization: null);

        Assert.Equal(
            (401, """{"meta":{"error":"Unauthorized request: send the workspace's site id and API key, or open this path to callers without credentials with Dispatcher:Api:AnonymousPaths."}}"""),
            (response.Status, response.Body));
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task Only_the_paths_that_are_named_are_open()
    {
        await using var front = await Front.StartAsync(Open(paths: AnonymousPaths.Unsubscribe));

        Assert.Equal(200, (await front.SendAsync("POST", "/unsubscribe/d", "{}", authorization: null)).Status);
        Assert.Equal(401, (await front.SendAsync("POST", "/push/events", "{}", authorization: null)).Status);
        Assert.Equal(401, (await front.SendAsync("PUT", "/api/v1/customers/1", "{}", authorization: null)).Status);
    }

    [Fact]
    public async Task Calls_without_credentials_go_behind_all_others_in_a_few_queues_of_their_own()
    {
        await using var front = await Front.StartAsync(Open());

        for (var delivery = 0; delivery < 200; delivery++)
        {
            var body = $$"""{"delivery_id":"d{{delivery % 100}}","metric":"opened"}""";
            Assert.Equal(200, (await front.SendAsync("POST", "/api/v1/metrics", body, authorization: null)).Status);
        }

        Assert.All(front.Sink.Calls, call => Assert.Equal(CallPriority.Bulk, call.Call.Priority));
        Assert.Equal(Enumerable.Range(0, 16).Select(lane => $"open:{lane}"), front.Sink.Calls.Select(call => call.Customer).Distinct().OrderBy(lane => lane.Length).ThenBy(lane => lane, StringComparer.Ordinal));
        Assert.Equal(front.Sink.Calls.Take(100).Select(call => call.Customer), front.Sink.Calls.Skip(100).Select(call => call.Customer));
    }

    [Fact]
    public async Task Calls_with_credentials_on_the_same_paths_are_as_any_other()
    {
        await using var front = await Front.StartAsync(Open());

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v1/metrics", $$"""{"delivery_id":"d1","pad":"{{new string('x', 10_000)}}"}""")).Status);

        var call = Assert.Single(front.Sink.Calls);
        Assert.Equal(("delivery:d1", CallPriority.Live), (call.Customer, call.Call.Priority));
    }

    [Fact]
    public async Task A_body_without_credentials_is_small()
    {
        await using var front = await Front.StartAsync(Open());

        Assert.Equal(413, (await front.SendAsync("POST", "/api/v1/metrics", $$"""{"pad":"{{new string('x', 8_192)}}"}""", authorization: null)).Status);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task An_address_sends_no_more_without_credentials_than_its_rate()
    {
        await using var front = await Front.StartAsync(Open(rate: new RateLimit(3, TimeSpan.FromHours(1))));

        var answers = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add((await front.SendAsync("POST", "/api/v1/metrics", "{}", authorization: null)).Status);
        }

        Assert.Equal([200, 200, 200, 429, 429], answers);
        Assert.Equal(200, (await front.SendAsync("POST", "/api/v1/metrics", "{}")).Status);
    }

    [Fact]
    public async Task Only_so_many_calls_without_credentials_wait()
    {
        await using var front = await Front.StartAsync(Open(maxQueued: 32));

        var answers = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add((await front.SendAsync("POST", "/unsubscribe/d", "{}", authorization: null)).Status);
        }

        Assert.Equal([200, 200, 429, 429], answers);
    }

    private static ApiSettings Open(
        string? defaultWorkspace = null, AnonymousPaths paths = AnonymousPaths.All, int maxQueued = 16_000, RateLimit? rate = null) =>
        new(defaultWorkspace, MaxBodyBytes: 100_000) { Anonymous = new AnonymousSettings(paths, maxQueued, rate ?? new RateLimit(100_000, TimeSpan.FromSeconds(1))) };

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
}
