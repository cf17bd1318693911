using System.Text.Json;
using System.Net.Http.Json;
using CioOrleans.Sandbox.Faults;
using Microsoft.Playwright;

namespace CioOrleans.Console.Tests;

/// <summary>Each view and each action in a real browser, on a real dispatcher whose Customer.io misbehaves.</summary>
[Collection(ConsoleUnderTest.Collection)]
public sealed class ViewTests(ConsoleUnderTest console) : IAsyncLifetime
{
    /// <summary>The views, as their addresses below the console.</summary>
    public static TheoryData<string> Views => 
    [
        "", "w/acme", "w/acme/customers", "w/acme/customers?customer=seen0", "w/acme/history", "w/acme/dead-letters", "w/acme/imports", "w/acme/imports?import=01JZ8Q4M5T3W9V7X2Y6ZABCDEF",
        "cluster", "audit", "w/nobody", "not-there",
    ];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Leaves no fault and no waiting call to the next test.</summary>
    public async ValueTask DisposeAsync()
    {
        if (console.Sandbox is { } sandbox)
        {
            sandbox.Faults = SandboxFaults.None;
            await console.WaitUntilEmptyAsync();
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

        // Rates are of the last ten seconds, and are zero again afterwards.
        await Task.WhenAll(
            console.SendAsync(3 * ConsoleUnderTest.Limit),
            overview.WaitForAsync("out", rate => rate > 0),
            workspace.WaitForAsync("out", rate => rate > 0),
            workspace.WaitForAsync("in", rate => rate > 0),
            workspace.WaitForAsync("most", most => most > 1));
        await console.WaitUntilEmptyAsync();
        await workspace.WaitForAsync("queued", queued => queued == 0);
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

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_customer_shows_what_its_first_call_waits_for_and_afterwards_its_lane()
    {
        console.Sandbox.Faults = new SandboxFaults { ServerError = 1 };
        await console.SendAsync(1, "seen");
        await using var view = await console.OpenAsync("w/acme/customers");
        await view.Page.GetByLabel("Customer", new() { Exact = true }).FillAsync("seen0");
        await view.Button("Show").ClickAsync();
        await view.IsLiveAsync();
        await view.WaitForAsync("waiting", waiting => waiting == 1);
        Assert.EndsWith("/console/w/acme/customers?customer=seen0", view.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(view.Page.Locator("[data-value=waits-for]")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("is tried again|Only probes are sent"));

        console.Sandbox.Faults = SandboxFaults.None;
        await view.WaitForAsync("waiting", waiting => waiting == 0);
        await view.Page.Locator(".lane .bad").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await view.Page.Locator(".lane .ok").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_history_is_searched_page_by_page_and_each_page_has_an_address()
    {
        await console.SendAsync(60, "many");
        await console.WaitUntilEmptyAsync();
        await using var view = await console.OpenAsync("w/acme/history?status=success&kind=Event");
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Older", Exact = true }).WaitForAsync();
        Assert.Equal(50, await view.Page.Locator("tbody tr").CountAsync());
        var first = await view.Page.Locator("tbody tr").First.InnerTextAsync();

        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Older", Exact = true }).ClickAsync();

        await Assertions.Expect(view.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("after=[0-9]+$"));
        await Assertions.Expect(view.Page.Locator("tbody tr").First).Not.ToHaveTextAsync(first);
        await view.Page.GotoAsync("w/acme/history?customer=many7");
        Assert.Equal(["id:many7"], await view.Page.Locator("tbody tr td:nth-child(2)").AllInnerTextsAsync());
        await view.Page.GotoAsync("w/acme/history?call=wrong");
        await view.Page.GetByText("A call's id is a ULID.").WaitForAsync();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_dead_letter_is_replayed_and_another_one_discarded()
    {
        console.Sandbox.Faults = new SandboxFaults { RefuseFirst = "purchase" };
        await console.SendAsync(2, "dead");
        await using var view = await console.OpenAsync("w/acme");
        await view.WaitForAsync("dead-letters", letters => letters == 2);
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        await view.Page.Locator("[data-cause] a").ClickAsync();
        await Assertions.Expect(view.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("dead-letters\\?cause=-?[0-9]+$"));
        await Assertions.Expect(view.Page.Locator("[data-letter]")).ToHaveCountAsync(2);

        await view.Page.Locator("[data-letter]", new() { HasText = "id:dead0" }).GetByRole(AriaRole.Button, new() { Name = "Replay…" }).ClickAsync();
        await view.Button("Replay").ClickAsync();
        await view.Page.GetByText("The call waits again.").WaitForAsync();
        await view.Page.Locator("[data-letter]", new() { HasText = "id:dead1" }).GetByRole(AriaRole.Button, new() { Name = "Discard…" }).ClickAsync();
        await view.Button("Discard").ClickAsync();
        await view.Page.GetByText("The call is discarded.").WaitForAsync();

        await view.Page.GetByText("There are none.").WaitForAsync();
        await Wait.UntilAsync("The replayed call", TimeSpan.FromSeconds(60), () => console.Sandbox.Customer("dead0") is not null);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_cluster_and_what_operators_did_are_shown()
    {
        await using var view = await console.OpenAsync("cluster");
        await Assertions.Expect(view.Page.Locator("[data-silo]")).ToHaveCountAsync(1);
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Region, new() { Name = "Owners" })).ToContainTextAsync("acme");
        using var resumed = await console.Admin.PostAsync(new Uri("/admin/workspaces/acme/resume", UriKind.Relative), null);

        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();

        await Assertions.Expect(view.Page.Locator("tbody tr").First).ToContainTextAsync("POST /admin/workspaces/{workspace}/resume");
        await Assertions.Expect(view.Page.Locator("tbody tr").First).ToContainTextAsync("ann");
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

        Assert.Equal("", string.Join('\n', [.. light, .. dark]));
    }
}
