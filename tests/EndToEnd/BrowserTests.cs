using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CioOrleans.EndToEnd;

/// <summary>The official browser SDK in a real browser, on a page of another origin than the dispatcher's.</summary>
public sealed class BrowserTests
{
    private static readonly string[] _browsers = ["chromium-headless-shell", "chromium", "google-chrome"];

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Every_call_of_a_page_arrives_in_order_and_none_of_a_page_of_another_origin()
    {
        var browser = FindBrowser();
        var sdk = await NodeSdk.BrowserFolderAsync();
        using var data = new DataFolder();
        await using var receiver = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 100 });
        await using var site = await StartSiteAsync(sdk);
        await using var otherSite = await StartSiteAsync(sdk);
        await using var dispatcher = await Dispatcher.StartAsync(
            data,
            receiver.Url,
            ("PipelinesUrl", receiver.Url.ToString()),
            ("Pipelines__Browser__WriteKey", "public"),
            ("Pipelines__Browser__Origins", OriginOf(site)),
            ("Limits__pipelines", "1000/1s"));

        await VisitAsync(browser, data, OriginOf(otherSite), dispatcher.Url);
        await VisitAsync(browser, data, OriginOf(site), dispatcher.Url);
        await dispatcher.WaitUntilEmptyAsync();

        Assert.Equal(["/v1/i", "/v1/t", "/v1/p", "/v1/g", "/v1/s"], receiver.Requests.Where(request => Text(request, "userId") == "42").Select(request => request.RawTarget));
        Assert.Equal("/v1/a", Assert.Single(receiver.Requests, request => Text(request, "userId") == "43").RawTarget);
        Assert.All(receiver.Requests, request =>
        {
            Assert.Equal("public", Text(request, "writeKey"));
            Assert.Contains(request.Headers, header => header.Key == "Content-Type" && header.Value == "text/plain");
            Assert.DoesNotContain(request.Headers, header => header.Key is "Authorization" or "Origin" or "Referer" or "Cookie");
            Assert.Equal(200, request.Status);
        });
        Assert.Contains("\"name\":\"Größe\"", Encoding.UTF8.GetString(receiver.Requests.Single(request => request.RawTarget == "/v1/i").Body.Span), StringComparison.Ordinal);
    }

    private static string FindBrowser()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        var found = _browsers.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, "A browser is needed (Debian: chromium-headless-shell), and none is on the PATH.");
        return found;
    }

    private static async Task VisitAsync(string browser, DataFolder data, string origin, Uri api)
    {
        await using var visit = ChildProcess.Start(
            browser,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={Path.Combine(data.Path, "browser")}", "--virtual-time-budget=5000", "--dump-dom",
                $"{origin}/?api={api.Authority}",
            ]);
        var code = await visit.WaitAsync();
        Assert.True(code == 0 && visit.Output.Contains("all calls made", StringComparison.Ordinal), $"The browser ended with {code}:\n{visit.Output}");
    }

    private static string OriginOf(WebApplication site) => site.Urls.Single();

    private static async Task<WebApplication> StartSiteAsync(string sdk)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            var isScript = context.Request.Path.StartsWithSegments("/sdk");
            context.Response.ContentType = isScript ? "text/javascript" : "text/html; charset=utf-8";
            return context.Response.SendFileAsync(isScript ? Path.Combine(sdk, "index.js") : Path.Combine(BuildPaths.NodeFolder, "browser.html"));
        });
        await app.StartAsync();
        return app;
    }

    private static string? Text(RecordedRequest request, string member)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
    }
}
