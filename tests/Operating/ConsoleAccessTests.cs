using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;

namespace CioOrleans.Operating.Tests;

/// <summary>Who reaches the console, and what a page of it may load.</summary>
public sealed partial class ConsoleAccessTests(ConsoleAccessTests.Hosts hosts) : IClassFixture<ConsoleAccessTests.Hosts>
{

    [Fact]
    public async Task Without_a_key_a_person_on_this_machine_is_let_in()
    {
        var host = hosts.Open;
        using var http = Browser(host);

        var (status, page, headers) = await GetAsync(http, "/console/");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("loopback · Operate", page, StringComparison.Ordinal);
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'",
            headers["Content-Security-Policy"]);
        Assert.Equal(("nosniff", "DENY", "same-origin"), (headers["X-Content-Type-Options"], headers["X-Frame-Options"], headers["Referrer-Policy"]));
        Assert.DoesNotMatch(InlineScript(), page);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Without_a_key_a_proxy_and_a_page_of_another_site_are_refused(string header, string value)
    {
        var host = hosts.Open;
        using var http = Browser(host);

        var (status, _, _) = await GetAsync(http, "/console/", (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    [Theory]
    [InlineData("cross-site", "navigate", "document", HttpStatusCode.OK)]
    [InlineData("cross-site", "navigate", "iframe", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "no-cors", "script", HttpStatusCode.Forbidden)]
    [InlineData("same-site", "cors", "empty", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", "cors", "empty", HttpStatusCode.OK)]
    [InlineData("none", "navigate", "document", HttpStatusCode.OK)]
    public async Task Another_site_may_link_to_the_console_and_do_nothing_else(string site, string mode, string destination, HttpStatusCode expected)
    {
        var host = hosts.Open;
        using var http = Browser(host);

        var (status, _, _) = await GetAsync(http, "/console/", ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination));

        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_web_socket_of_another_origin_is_refused(string? origin)
    {
        var host = hosts.Open;

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(host, origin));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_socket_of_the_page_itself_is_accepted()
    {
        var host = hosts.Open;

        using var socket = await ConnectAsync(host, host.Admin.GetLeftPart(UriPartial.Authority));

        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task With_keys_a_web_socket_needs_a_session()
    {
        var host = hosts.Keyed;

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(host, host.Admin.GetLeftPart(UriPartial.Authority)));

        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann-key", "ann · Operate")]
    [InlineData("bob-key", "bob · Read")]
    public async Task A_key_opens_a_session_with_its_role(string key, string who)
    {
        var host = hosts.Keyed;
        using var http = Browser(host);
        var (first, _, headers) = await GetAsync(http, "/console/w/acme?x=1");
        Assert.Equal((HttpStatusCode.Redirect, "/console/sign-in?back=%2Fw%2Facme%3Fx%3D1"), (first, headers["Location"]));

        var (status, cookie, location) = await SignInAsync(http, key, "/w/acme?x=1");

        Assert.Equal((HttpStatusCode.Redirect, "/console/w/acme?x=1"), (status, location));
        Assert.Matches("^cio-console=[A-Za-z0-9_-]{43}; path=/console; samesite=strict; httponly$", cookie);
        Assert.Contains(who, (await GetAsync(http, "/console/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_when_its_holder_signs_out()
    {
        var host = hosts.Keyed;
        using var http = Browser(host);
        var (_, cookie, _) = await SignInAsync(http, "ann-key");
        var page = (await GetAsync(http, "/console/")).Body;

        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", TokenOf(page))]);
        using var left = await http.PostAsync(new Uri("/console/sign-out", UriKind.Relative), form);

        Assert.Equal("/console/sign-in", left.Headers.Location!.OriginalString);
        using var stolen = Browser(host);
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(stolen, "/console/", ("Cookie", cookie.Split(';')[0]))).Status);
    }

    [Fact]
    public async Task A_wrong_key_opens_nothing_and_may_not_be_tried_often()
    {
        await using var host = await Host.StartAsync(more: Hosts.Keys);
        using var http = Browser(host);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(http, $"ann-ke{i}")).Status);
        }

        var (status, cookie, _) = await SignInAsync(http, "ann-key");
        Assert.Equal((HttpStatusCode.TooManyRequests, ""), (status, cookie));
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var host = hosts.Keyed;
        using var http = Browser(host);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("key", "ann-key")]);

        using var answer = await http.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("http://evil.example")]
    [InlineData("")]
    public async Task Nobody_is_sent_to_another_site_after_the_sign_in(string back)
    {
        var host = hosts.Keyed;
        using var http = Browser(host);

        Assert.Equal("/console/", (await SignInAsync(http, "ann-key", back)).Location);
    }

    [Fact]
    public async Task A_link_of_another_site_is_followed_with_the_session()
    {
        var host = hosts.Keyed;
        using var http = Browser(host);

        var (status, page, _) = await GetAsync(http, "/console/", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("""<meta http-equiv="refresh" content="0">""", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blazor.web.js", "text/javascript; charset=utf-8")]
    [InlineData("console.css", "text/css; charset=utf-8")]
    [InlineData("theme.js", "text/javascript; charset=utf-8")]
    [InlineData("icon.svg", "image/svg+xml")]
    public async Task All_that_a_page_loads_comes_from_the_process(string name, string type)
    {
        var host = hosts.Keyed;
        using var http = Browser(host);

        var (status, body, headers) = await GetAsync(http, $"/console/assets/{name}");

        Assert.Equal((HttpStatusCode.OK, type), (status, headers["Content-Type"]));
        Assert.NotEmpty(body);
    }

    [Fact]
    public async Task The_console_can_be_switched_off()
    {
        await using var host = await Host.StartAsync(more: ("Dispatcher:Admin:Console", "false"));
        using var http = Browser(host);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(http, "/console/")).Status);
    }

    private static HttpClient Browser(Host host) => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Admin };

    private static async Task<(HttpStatusCode Status, string Body, Dictionary<string, string> Headers)> GetAsync(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        return (
            answer.StatusCode,
            WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()),
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    private static async Task<(HttpStatusCode Status, string Cookie, string? Location)> SignInAsync(HttpClient http, string key, string back = "")
    {
        var page = (await GetAsync(http, "/console/sign-in")).Body;
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("__RequestVerificationToken", TokenOf(page)), KeyValuePair.Create("key", key), KeyValuePair.Create("back", back)]);
        using var answer = await http.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form);
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
        return (answer.StatusCode, cookies.FirstOrDefault(cookie => cookie.StartsWith("cio-console=", StringComparison.Ordinal)) ?? "", answer.Headers.Location?.OriginalString);
    }

    private static string TokenOf(string page) => Token().Match(page).Groups[1].Value;

    private static async Task<ClientWebSocket> ConnectAsync(Host host, string? origin)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(host.Admin) { Scheme = "ws", Path = "/console/_blazor" }.Uri, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<script(?![^>]*src=)|<style|javascript:|\\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    /// <summary>One host without keys and one with.</summary>
    public sealed class Hosts : IAsyncLifetime
    {
        internal static (string, string)[] Keys { get; } =
            [("Dispatcher:Admin:Keys:ann:Key", "ann-key"), ("Dispatcher:Admin:Keys:ann:Role", "Operate"), ("Dispatcher:Admin:Keys:bob:Key", "bob-key")];

        internal Host Open { get; private set; } = null!;

        internal Host Keyed { get; private set; } = null!;

        public async ValueTask InitializeAsync() => (Open, Keyed) = (await Host.StartAsync(), await Host.StartAsync(more: Keys));

        public async ValueTask DisposeAsync()
        {
            await Open.DisposeAsync();
            await Keyed.DisposeAsync();
        }
    }
}
