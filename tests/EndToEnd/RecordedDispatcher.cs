using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.EndToEnd;

/// <summary>A sandbox, and a dispatcher that records everything.</summary>
public sealed class RecordedDispatcher : IAsyncLifetime
{
    private readonly DataFolder _data = new();
    private Dispatcher _dispatcher = null!;

    public static AuthenticationHeaderValue App { get; } = new("Bearer", "app");

    public static AuthenticationHeaderValue Pipelines { get; } = new("Basic", Convert.ToBase64String("write:"u8));

    public SandboxServer Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", AppApiKey = "app", PipelinesWriteKey = "write", RecordRequests = 1_000, SettleTime = TimeSpan.Zero });
        _dispatcher = await Dispatcher.StartAsync(
            _data, Sandbox.Url, ("AppApiKey", "app"), ("PipelinesWriteKey", "write"), ("PipelinesUrl", Sandbox.Url.ToString()), ("Limits__query", "100/1s"),
            ("Limits__broadcast", "100/1s"), ("AttemptTimeout", "1s"), ("Retry__BaseDelay", "10ms"), ("Retry__MaxRetries", "100"), ("Dispatcher__History__Bodies", "All"));
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        await Sandbox.DisposeAsync();
        _data.Dispose();
    }

    internal Task<IReadOnlyList<RecordedRow>> RowsAsync() => RecordedRow.ReadAsync(_dispatcher.Http);

    public async Task<bool> IsEmptyAsync() => (await AdminAsync("")).GetProperty("queued").GetInt64() == 0;

    /// <summary>Waits until a number of requests have arrived since the test began.</summary>
    public Task ArrivedAsync(int count) => Wait.UntilAsync($"{count} arrivals", TimeSpan.FromSeconds(60), () => Sandbox.Requests.Count >= count);

    public Task SendAsync(string method, string path, string? body = null) => SendAsync(method, path, body, null, HttpStatusCode.OK);

    public Task SendAsync(string method, string path, string? body, AuthenticationHeaderValue caller, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body, caller, HttpStatusCode.OK, headers);

    public async Task SendAsync(string method, string path, string? body, AuthenticationHeaderValue? caller, HttpStatusCode expected, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = caller;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _dispatcher.Http.SendAsync(request);
        Assert.True(answer.StatusCode == expected || (expected == HttpStatusCode.OK && answer.IsSuccessStatusCode), $"{method} {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task<JsonElement> AdminAsync(string path, string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/admin/workspaces/acme{path}");
        using var answer = await _dispatcher.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Sends while Customer.io fails, until a request has arrived.</summary>
    public async Task WhileFailingAsync(SandboxFaults faults, Func<Task> send)
    {
        Sandbox.Faults = faults;
        await send();
        await ArrivedAsync(1);
        Sandbox.Faults = SandboxFaults.None;
    }

    /// <summary>Calls that are accepted while nothing is delivered leave together.</summary>
    public async Task WhilePausedAsync(Func<Task> act)
    {
        await AdminAsync("/pause", "POST");
        await act();
        await AdminAsync("/resume", "POST");
    }
}
