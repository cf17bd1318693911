using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CioOrleans.Console.Tests;

/// <summary>One view of the console in a tab. Its disposal fails the test if the browser has reported an error, such as one of the content security policy.</summary>
internal sealed class View : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();

    private View(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Opens a view and waits until it is live.</summary>
    public static async Task<View> OpenAsync(IBrowserContext window, string path)
    {
        var view = new View(await window.NewPageAsync());
        await view.Page.GotoAsync(path);
        await view.IsLiveAsync();
        return view;
    }

    /// <summary>Waits until the server has drawn the page over the web socket. From then on the page reacts.</summary>
    public Task IsLiveAsync() => Page.Locator("main[data-live]").WaitForAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A number on the page.</summary>
    public async Task<double> NumberAsync(string name) =>
        double.Parse((await Page.Locator($"[data-value={name}]").First.InnerTextAsync()).Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits until a number of the page fulfils a condition.</summary>
    public async Task WaitForAsync(string name, Func<double, bool> condition)
    {
        var last = double.NaN;
        try
        {
            await Wait.UntilAsync($"The expected value of '{name}'", TimeSpan.FromSeconds(60), async () => condition(last = await NumberAsync(name)));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} It was {last}, on this page:\n{await Page.Locator("main").InnerTextAsync()}");
        }
    }

    /// <summary>The colours that the page is drawn in: <c>dark</c> or <c>light</c>.</summary>
    public Task<string> ColoursAsync() => Page.EvaluateAsync<string>("getComputedStyle(document.body).colorScheme");

    /// <summary>The findings of axe that are serious or critical.</summary>
    public async Task<IReadOnlyList<string>> FindBarriersAsync()
    {
        var result = await Page.RunAxe();
        return [.. result.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}")];
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Empty(_errors);
    }
}
