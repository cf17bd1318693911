using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CioOrleans.Operating.Tests;

public sealed class AdminListenerTests
{
    private static readonly (string, string)[] _keys =
        [("Dispatcher:Admin:Keys:ann:Key", "ann-key"), ("Dispatcher:Admin:Keys:ann:Role", "Operate"), ("Dispatcher:Admin:Keys:prometheus:Key", "scrape-key")];

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/workspaces")]
    [InlineData("/ADMIN/workspaces/acme")]
    [InlineData("/%61dmin/workspaces")]
    [InlineData("/metrics")]
    [InlineData("/console")]
    [InlineData("/console/assets/console.css")]
    public async Task The_port_of_the_API_serves_nothing_of_it_whatever_the_Host_header_says(string path)
    {
        await using var host = await Host.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host.Admin.Authority } };

        using var answer = await http.SendAsync(request);

        Assert.Equal(
            (HttpStatusCode.NotFound, """{"meta":{"error":"Not on this port: /admin, /metrics and /console are served on Dispatcher:Admin:Url (http://127.0.0.1:0)."}}"""),
            (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task The_admin_listener_serves_nothing_of_the_API()
    {
        await using var host = await Host.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Admin };

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/api/v1/customers/1", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("ann-key", "GET", "/admin/workspaces", HttpStatusCode.OK)]
    [InlineData("ann-key", "GET", "/metrics", HttpStatusCode.OK)]
    [InlineData("scrape-key", "GET", "/metrics", HttpStatusCode.OK)]
    [InlineData("scrape-key", "GET", "/admin/workspaces", HttpStatusCode.OK)]
    [InlineData("scrape-key", "POST", "/admin/workspaces/acme/pause", HttpStatusCode.Forbidden)]
    [InlineData("scrape-key", "DELETE", "/admin/workspaces/acme/dead-letters/1", HttpStatusCode.Forbidden)]
    [InlineData("scrape-key", "POST", "/admin/nothing", HttpStatusCode.Forbidden)]
    [InlineData("ann-key", "POST", "/admin/nothing", HttpStatusCode.NotFound)]
    [InlineData("ann-ke", "GET", "/metrics", HttpStatusCode.Unauthorized)]
    [InlineData(null, "GET", "/metrics", HttpStatusCode.Unauthorized)]
    [InlineData(null, "GET", "/admin/nothing", HttpStatusCode.Unauthorized)]
    public async Task A_key_allows_what_its_role_says(string? key, string method, string path, HttpStatusCode expected)
    {
        await using var host = await Host.StartAsync(more: _keys);

        Assert.Equal(expected, (await host.SendAsync(method, path, null, key is null ? [] : [("Authorization", $"Bearer {key}")])).Status);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var host = await Host.StartAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.SendAsync("POST", "/admin/workspaces/acme/pause", new string('x', 100_000))).Status);
    }

    [Theory]
    [InlineData("GET", "/metrics", "X-A: a\u0001b\r\n", "")]
    [InlineData("GET", "/admin/workspaces", "X-A: a\u000cHost: evil\r\n", "")]
    [InlineData("GET", "//evil.example/metrics", "", "")]
    [InlineData("POST", "/admin/workspaces/acme/pause", "Transfer-Encoding: chunked\r\n", "zz\r\n")]
    [InlineData("POST", "/admin/nothing", "Transfer-Encoding: chunked\r\n", "zz\r\n")]
    public async Task What_cannot_be_read_is_refused_and_never_an_error_of_the_server(string method, string target, string header, string body)
    {
        await using var host = await Host.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(host.Admin.Host, host.Admin.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n{body}"));
        using var reader = new StreamReader(stream);

        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
    }
}
