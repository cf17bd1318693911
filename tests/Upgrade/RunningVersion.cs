using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CioOrleans.Upgrade;

/// <summary>One version of the dispatcher as its own process, with a front-end and a silo in it and one workspace, <c>acme</c>.</summary>
internal sealed class RunningVersion : IAsyncDisposable
{
    private static readonly TimeSpan _startPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _deliveryPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pollEvery = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http;
    private readonly Uri _admin;

    private RunningVersion(ChildProcess process, Uri url, Uri admin)
    {
        Process = process;
        _http = new HttpClient { BaseAddress = url };
        _admin = admin;
    }

    public ChildProcess Process { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="assembly">The assembly of the version's front-end.</param>
    /// <param name="storage">The settings of its storage.</param>
    /// <param name="customerIo">Where it delivers to.</param>
    public static async Task<RunningVersion> StartAsync(string assembly, IReadOnlyDictionary<string, string> storage, Uri customerIo)
    {
        const string workspace = "Dispatcher__Workspaces__acme__";
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var admin = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = new Dictionary<string, string>(storage)
        {
            ["Urls"] = url.ToString(),
            [workspace + "SiteId"] = "site",
            [workspace + "ApiKey"] = "key",
            [workspace + "AppApiKey"] = "app",
            [workspace + "TrackUrl"] = customerIo.ToString(),
            [workspace + "AppUrl"] = customerIo.ToString(),
            [workspace + "AttemptTimeout"] = "5s",
            ["Dispatcher__Admin__Url"] = admin.ToString(),
        };

        var process = ChildProcess.Start("dotnet", [assembly], environment, Path.GetDirectoryName(assembly), isShortLived: true);
        var version = new RunningVersion(process, url, admin);
        await WaitUntilAsync(version.IsReadyAsync, _startPatience, () => $"{assembly} is ready. It wrote:\n{process.Output}", process);
        return version;
    }

    public Task<JsonElement> StatusAsync() => _http.GetFromJsonAsync<JsonElement>(new Uri(_admin, "/admin/workspaces/acme"));

    public Task PauseAsync() => ExpectAsync(HttpStatusCode.OK, HttpMethod.Post, $"{_admin}admin/workspaces/acme/pause", """{"reason":"upgrade"}""", null);

    public Task ResumeAsync() => ExpectAsync(HttpStatusCode.OK, HttpMethod.Post, $"{_admin}admin/workspaces/acme/resume", null, null);

    public async Task<JsonElement[]> DeadLettersAsync()
    {
        var page = await _http.GetFromJsonAsync<JsonElement>(new Uri(_admin, "/admin/workspaces/acme/dead-letters"));
        return [.. page.GetProperty("deadLetters").EnumerateArray()];
    }

    public Task ReplayAsync(string deadLetter) => ExpectAsync(HttpStatusCode.OK, HttpMethod.Post, $"{_admin}admin/workspaces/acme/dead-letters/{deadLetter}/replay", null, null);

    /// <summary>A call of the Track API that must be acknowledged.</summary>
    public Task TrackAsync(HttpMethod method, string target, string body, params (string Name, string Value)[] headers) =>
        ExpectAsync(HttpStatusCode.OK, method, target, body, Basic(), headers);

    /// <summary>Stores a message and returns the address of its result.</summary>
    public async Task<string> StoreSendAsync(string body)
    {
        using var answer = await ExpectAsync(HttpStatusCode.OK, HttpMethod.Post, "/v1/send/email", body, new("Bearer", "app"), ("Prefer", "respond-async"));
        return answer.Headers.Location!.ToString();
    }

    /// <summary>The state of a stored message, as its result says it.</summary>
    public async Task<string> SendStateAsync(string result)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, result) { Headers = { Authorization = new("Bearer", "app") } };
        using var answer = await _http.SendAsync(request);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("state").GetString()!;
    }

    public async Task WaitUntilEmptyAsync() => await WaitUntilAsync(
        async () => (await StatusAsync()).GetProperty("queued").GetInt64() == 0, _deliveryPatience, () => "Nothing waits for delivery.", Process);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    private static AuthenticationHeaderValue Basic() => new("Basic", Convert.ToBase64String("site:key"u8));

    private async Task<HttpResponseMessage> ExpectAsync(
        HttpStatusCode status, HttpMethod method, string target, string? body, AuthenticationHeaderValue? credentials, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, target) { Headers = { Authorization = credentials } };
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var answer = await _http.SendAsync(request);
        Assert.True(answer.StatusCode == status, $"{method} {target} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> isSo, TimeSpan patience, Func<string> expectation, ChildProcess process)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.False(process.HasExited, $"The process ended before this was so: {expectation()}");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < patience, $"Not within {patience.TotalSeconds:0} s: {expectation()}");
            await Task.Delay(_pollEvery, TimeProvider.System);
        }
    }
}
