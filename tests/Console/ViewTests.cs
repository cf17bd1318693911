using System.Text.Json;
using System.Net.Http.Json;
using CioOrleans.Sandbox.Faults;
using Microsoft.Playwright;

namespace CioOrleans.Console.Tests;

/// <summary>Each view and each action in a real browser, on a real dispatcher whose Customer.io misbehaves.</summary>
public sealed class ViewTests(ConsoleUnderTest console) : IDisposable
{
    /// <summary>The views, as their addresses below the console.</summary>
    public static TheoryData<string> Views => ["", "w/acme", "not-there"];

    public void Dispose()
    {
        if (console.Sandbox is { } sandbox)
        {
            sandbox.Faults = SandboxFaults.None;
        }
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_person_signs_in_with_a_key_comes_to_the_view_that_was_asked_for_and_signs_out()
    {
        await using var window = await console.NewWindowAsync();
        var page = await window.NewPageAsync();
        await page.GotoAsync("w/acme");
        await page.GetByLabel("Admin key").FillAsync("no-key");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText("There is no such key.").WaitForAsync();

        await page.GetByLabel("Admin key").FillAsync(ConsoleUnderTest.AnnsKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "acme", Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Admin key").WaitForAsync();

        await page.GotoAsync("w/acme");
        await page.GetByLabel("Admin key").WaitForAsync();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_numbers_move_by_themselves_and_no_window_holds_more_than_the_limit()
    {
        await using var overview = await console.OpenAsync("");
        await using var workspace = await console.OpenAsync("w/acme");

        await console.SendAsync(3 * ConsoleUnderTest.Limit);

        await overview.WaitForAsync("out", rate => rate > 0);
        await workspace.WaitForAsync("out", rate => rate > 0);
        await workspace.WaitForAsync("in", rate => rate > 0);
        await workspace.WaitForAsync("queued", queued => queued == 0);
        await workspace.WaitForAsync("most", most => most > ConsoleUnderTest.Limit / 2);
        Assert.InRange(await workspace.NumberAsync("most"), 0, ConsoleUnderTest.Limit);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Delivery_is_paused_and_resumed_after_a_confirmation_and_both_are_recorded()
    {
        await using var view = await console.OpenAsync("w/acme");
        await view.Button("Pause…").ClickAsync();
        await view.Page.GetByRole(AriaRole.Alertdialog).WaitForAsync();
        await view.Page.Keyboard.PressAsync("Escape");
        await view.Page.GetByRole(AriaRole.Alertdialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await view.Button("Pause…").ClickAsync();
        await view.Page.GetByLabel("Reason").FillAsync("lunch <b>break</b>");
        await view.Button("Pause").ClickAsync();
        await view.Page.GetByText("lunch <b>break</b>").First.WaitForAsync();
        await view.Page.Locator(".headline .state.paused").WaitForAsync();
        await console.SendAsync(1, "paused");
        await view.WaitForAsync("queued", queued => queued == 1);

        await view.Button("Resume…").ClickAsync();
        await view.Button("Resume").ClickAsync();
        await view.WaitForAsync("queued", queued => queued == 0);
        await view.Page.Locator(".headline .state.delivering").WaitForAsync();

        var audit = await console.Admin.GetFromJsonAsync<JsonElement>(new Uri("/admin/audit?limit=2", UriKind.Relative));
        Assert.Equal(
            [
                ("ann", "POST /admin/workspaces/{workspace}/resume", "/admin/workspaces/acme/resume", 200),
                ("ann", "POST /admin/workspaces/{workspace}/pause", "/admin/workspaces/acme/pause lunch <b>break</b>", 200),
            ],
            audit.GetProperty("entries").EnumerateArray().Select(entry => (
                entry.GetProperty("caller").GetString(), entry.GetProperty("action").GetString(), entry.GetProperty("selection").GetString(), entry.GetProperty("status").GetInt32())));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_pause_after_a_429_counts_down_and_is_ended()
    {
        await using var view = await console.OpenAsync("w/acme");
        console.Sandbox.Faults = new SandboxFaults { Throttled = 1, RetryAfter = "300" };
        await console.SendAsync(1, "throttled");
        await view.Page.Locator(".headline .state.throttled").WaitForAsync();
        var first = await view.Page.Locator(".paused").InnerTextAsync();
        await Wait.UntilAsync("The countdown", TimeSpan.FromSeconds(60), async () => await view.Page.Locator(".paused").InnerTextAsync() != first);

        console.Sandbox.Faults = SandboxFaults.None;
        await view.Button("End the pause…").ClickAsync();
        await view.Button("End the pause").ClickAsync();

        await view.Page.Locator(".headline .state.delivering").WaitForAsync();
        await view.WaitForAsync("queued", queued => queued == 0);
        Assert.Contains("slowed to", await view.Page.Locator("[data-limit=identify]").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Who_may_only_read_is_offered_no_change()
    {
        await using var view = await console.OpenAsBobAsync("w/acme");

        Assert.Equal("bob · Read", await view.Page.Locator(".who span").InnerTextAsync());
        Assert.Equal(0, await view.Page.Locator("main button").CountAsync());
    }

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [MemberData(nameof(Views))]
    public async Task Everybody_can_use_a_view_in_both_colours(string path)
    {
        await using var view = await console.OpenAsync(path);
        var toggle = view.Button("Dark or light");

        var light = await view.FindBarriersAsync();
        await toggle.ClickAsync();
        Assert.Equal("dark", await view.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        var dark = await view.FindBarriersAsync();
        await toggle.ClickAsync();

        Assert.Empty(light.Concat(dark));
    }
}
