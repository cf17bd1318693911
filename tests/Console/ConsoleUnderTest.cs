using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Limits;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(CioOrleans.Console.Tests.ConsoleUnderTest))]

namespace CioOrleans.Console.Tests;

/// <summary>A dispatcher's process, the sandbox that it delivers to, and a browser in which Ann (Operate) and Bob (Read) are signed in.</summary>
public sealed class ConsoleUnderTest : IAsyncLifetime
{
    /// <summary>The tests share one dispatcher and one simulated Customer.io, so they run one after the other.</summary>
    public const string Collection = "Console";

    /// <summary>Requests in any second.</summary>
    public const int Limit = 50;

    /// <summary>Ann's key; she may change everything.</summary>
    public const string AnnsKey = "key-of-ann";

    /// <summary>The credentials of the Track API of <c>acme</c>.</summary>
    public const string Basic = "Basic c2l0ZTprZXk=";

    /// <summary>The key of the App API of <c>acme</c>.</summary>
    public const string AppKey = "app-key";

    /// <summary>The write key of the Pipelines API of <c>acme</c>.</summary>
    public const string WriteKey = "write-key";

    private const string BobsKey = "key-of-bob";

    /// <summary>Generous: a busy machine draws slowly.</summary>
    private const float Patience = 60_000;

    private static readonly string[] _browsers = ["chromium-headless-shell", "chromium", "google-chrome"];

    private readonly DataFolder _data = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Dispatcher? _dispatcher;
    private IBrowserContext? _ann;
    private IBrowserContext? _bob;
    private HttpClient? _admin;

    /// <summary>The simulated Customer.io.</summary>
    public SandboxServer Sandbox { get; private set; } = null!;

    /// <summary>The address of the console.</summary>
    public Uri Console => new(_dispatcher!.Admin, "/console/");

    /// <summary>The admin API, with Ann's key.</summary>
    public HttpClient Admin => _admin!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (FindBrowser() is not { } browser)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        Sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", Limits = SandboxLimit.Parse($"identify,track,page,batch={Limit}/1s") });
        var starting = Dispatcher.StartAsync(
            _data,
            Sandbox.Url,
            ("Limits__identify", $"{Limit}/1s"),
            ("Dispatcher__History__Attempts", "All"),
            ("Dispatcher__Admin__MaskPersonData", "true"),
            ("Dispatcher__Admin__OrleansDashboard", "true"),
            ("AppApiKey", AppKey),
            ("PipelinesWriteKey", WriteKey),
            ("PipelinesUrl", Sandbox.Url.ToString()),
            ("Dispatcher__Workspaces__strict__SiteId", "strict"),
            ("Dispatcher__Workspaces__strict__ApiKey", "strict-key"),
            ("Dispatcher__Workspaces__strict__TrackUrl", Sandbox.Url.ToString()),
            ("Dispatcher__Workspaces__strict__OnDeadLetter", "Hold"),
            ("Dispatcher__Admin__Keys__ann__Key", AnnsKey),
            ("Dispatcher__Admin__Keys__ann__Role", "Operate"),
            ("Dispatcher__Admin__Keys__bob__Key", BobsKey));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = browser, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        _dispatcher = await starting;
        _admin = new HttpClient { BaseAddress = _dispatcher.Admin, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", AnnsKey) } };
        _ann = await SignInAsync(AnnsKey);
        _bob = await SignInAsync(BobsKey);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_dispatcher is not null)
        {
            await _dispatcher.DisposeAsync();
        }

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }

        _data.Dispose();
    }

    /// <summary>Opens a view as Ann.</summary>
    internal Task<View> OpenAsync(string path) => OpenAsync(path, () => _ann!);

    /// <summary>Opens a view as Bob.</summary>
    internal Task<View> OpenAsBobAsync(string path) => OpenAsync(path, () => _bob!);

    /// <summary>A browser window without a session.</summary>
    internal async Task<IBrowserContext> NewWindowAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_browser is null, "A browser is needed (Debian: chromium-headless-shell), and none is on the PATH.");
        options ??= new();
        options.BaseURL = Console.ToString();
        options.ViewportSize = new() { Width = 1400, Height = 1000 };
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        return context;
    }

    /// <summary>Sends events of a number of customers to the dispatcher, one each.</summary>
    internal async Task SendAsync(int calls, string customer = "c")
    {
        for (var i = 0; i < calls; i++)
        {
            using var answer = await _dispatcher!.Http.PostAsJsonAsync(new Uri($"/api/v1/customers/{customer}{i}/events", UriKind.Relative), new { name = "purchase", data = new { n = i } });
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Sends an event of a customer to the workspace whose queues are held by dead letters.</summary>
    internal Task SendStrictAsync(string customer, int number) =>
        PostAsync($"/api/v1/customers/{customer}/events", $"Basic {Convert.ToBase64String("strict:strict-key"u8)}", JsonSerializer.Serialize(new { name = "strict", data = new { n = number } }));

    /// <summary>Sends a request to the dispatcher, which must succeed.</summary>
    internal async Task PostAsync(string path, string credentials, string body, string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(credentials);
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        using var answer = await _dispatcher!.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until the dispatcher has delivered everything.</summary>
    internal Task WaitUntilEmptyAsync() => Wait.UntilAsync(
        "The delivery of all that waits",
        TimeSpan.FromMinutes(2),
        async () => (await Admin.GetFromJsonAsync<JsonElement>(new Uri("/admin/workspaces/acme", UriKind.Relative))).GetProperty("queued").GetInt64() == 0);

    private async Task<View> OpenAsync(string path, Func<IBrowserContext> window)
    {
        Assert.SkipWhen(_browser is null, "A browser is needed (Debian: chromium-headless-shell), and none is on the PATH.");
        return await View.OpenAsync(window(), path);
    }

    private async Task<IBrowserContext> SignInAsync(string key)
    {
        var window = await NewWindowAsync();
        var page = await window.NewPageAsync();
        await page.GotoAsync("sign-in");
        await page.GetByLabel("Admin key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Workspaces" }).WaitForAsync();
        await page.CloseAsync();
        return window;
    }

    private static string? FindBrowser()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return _browsers.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
