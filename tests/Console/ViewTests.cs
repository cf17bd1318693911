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
        "w/acme/sends", "w/acme/refused", "settings", "settings?search=nothing-like-this", "cluster", "audit", "w/nobody", "not-there",
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

        // The dialog takes the focus once it is drawn. A key that is pressed earlier goes to the page.
        await Assertions.Expect(view.Button("Cancel")).ToBeFocusedAsync();
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
        await Assertions.Expect(view.Page.Locator("tbody tr td:nth-child(2)")).ToHaveTextAsync(["id:many7"]);
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

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_dashboard_of_Orleans_opens_for_operators_alone_and_breaks_no_rule_of_the_console()
    {
        await using var view = await console.OpenAsync("cluster");
        await view.Page.Locator("a[href='orleans/']").WaitForAsync();

        // In the same tab, where errors of the content security policy are counted.
        await view.Page.GotoAsync("orleans/");
        await view.Page.GetByText("Total Activations").First.WaitForAsync();
        await view.Page.GotoAsync("orleans/#/grains");
        await view.Page.GetByText("WorkspaceGrain").First.WaitForAsync();

        await using var bob = await console.OpenAsBobAsync("cluster");
        Assert.Equal(0, await bob.Page.Locator("a[href='orleans/']").CountAsync());
        foreach (var path in (string[])["orleans/", "orleans/index.min.js", "orleans/DashboardCounters"])
        {
            var refused = await bob.Page.APIRequest.GetAsync(path);
            Assert.Equal(403, refused.Status);
        }
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_longest_and_the_oldest_queues_lead_to_their_customers()
    {
        using (await console.Admin.PostAsync(new Uri("/admin/workspaces/acme/pause", UriKind.Relative), null))
        {
            await console.SendAsync(1, "early");
            for (var i = 0; i < 3; i++)
            {
                await console.SendAsync(1, "long");
            }
        }

        await using var view = await console.OpenAsync("w/acme/customers");
        var longest = view.Page.GetByRole(AriaRole.Region, new() { Name = "Longest queues" });
        await Assertions.Expect(longest.Locator("tbody tr").First).ToContainTextAsync("id:long0");
        await Assertions.Expect(longest.Locator("tbody tr").First).ToContainTextAsync("3");
        await Assertions.Expect(view.Page.GetByRole(AriaRole.Region, new() { Name = "Oldest queues" }).Locator("tbody tr").First).ToContainTextAsync("id:early0");
        Assert.Equal("", string.Join('\n', await view.FindBarriersAsync()));

        await longest.GetByRole(AriaRole.Link, new() { Name = "id:long0" }).ClickAsync();
        await view.WaitForAsync("waiting", waiting => waiting == 3);
        await view.Page.Locator(".lane .blocked").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        using var resumed = await console.Admin.PostAsync(new Uri("/admin/workspaces/acme/resume", UriKind.Relative), null);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_merge_shows_in_the_lane_of_the_person_that_waits_for_it()
    {
        console.Sandbox.Faults = new SandboxFaults { ServerError = 1 };
        await console.SendAsync(1, "second");
        await console.PostAsync("/api/v1/merge_customers", ConsoleUnderTest.Basic, """{"primary":{"id":"first0"},"secondary":{"id":"second0"}}""");

        await using var view = await console.OpenAsync("w/acme/customers?customer=first0");
        await Assertions.Expect(view.Page.Locator("[data-value=merge] a")).ToHaveTextAsync("id:second0");
        await view.Page.Locator(".lane .merge").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Assertions.Expect(view.Page.Locator("[data-value=waits-for]")).ToContainTextAsync("id:second0");
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_settings_say_where_they_come_from_and_tell_no_secret()
    {
        await using var view = await console.OpenAsBobAsync("settings");
        var key = view.Page.Locator("[data-setting='Dispatcher:Admin:Keys:ann:Key']");
        await Assertions.Expect(key).ToContainTextAsync("(secret)");
        await Assertions.Expect(key).ToContainTextAsync("environment variable Dispatcher__Admin__Keys__ann__Key");
        await Assertions.Expect(view.Page.Locator("[data-setting='Dispatcher:Workspaces:strict:OnDeadLetter']")).ToContainTextAsync("Hold");
        await Assertions.Expect(view.Page.Locator("[data-setting='Dispatcher:Admin:KeepAudit']")).ToContainTextAsync("default");

        var told = await view.Page.ContentAsync() + await console.Admin.GetStringAsync(new Uri("/admin/settings", UriKind.Relative));

        Assert.All([ConsoleUnderTest.AnnsKey, ConsoleUnderTest.AppKey, ConsoleUnderTest.WriteKey, "strict-key", "cio.db"], secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Who_may_only_read_is_told_of_no_person_but_the_one_that_is_asked_for()
    {
        // One call of each state: delivered, dead, waiting.
        console.Sandbox.Faults = new SandboxFaults { RefuseFirst = "purchase" };
        await console.SendAsync(1, "masked-dead");
        using (await console.Admin.DeleteAsync(new Uri("/admin/workspaces/acme/customers/masked-nobody/calls", UriKind.Relative)))
        {
            // Recorded with the customer's id.
        }

        await using (var dead = await console.OpenAsync("w/acme/dead-letters"))
        {
            await dead.Page.Locator("[data-letter]", new() { HasText = "id:masked-dead0" }).WaitForAsync();
        }

        console.Sandbox.Faults = SandboxFaults.None;
        using (await console.Admin.PostAsync(new Uri("/admin/workspaces/acme/pause", UriKind.Relative), null))
        {
            await console.SendAsync(1, "masked-waits");
        }

        foreach (var path in new[] { "w/acme/customers", "w/acme/history", "w/acme/dead-letters", "w/acme/sends", "w/acme/refused", "audit", "w/acme", "" })
        {
            await using var view = await console.OpenAsBobAsync(path);
            Assert.DoesNotContain("masked-", await view.Page.ContentAsync(), StringComparison.Ordinal);
        }

        await using (var found = await console.OpenAsBobAsync("w/acme/customers?customer=masked-waits0"))
        {
            await found.WaitForAsync("waiting", waiting => waiting == 1);
        }

        using var resumed = await console.Admin.PostAsync(new Uri("/admin/workspaces/acme/resume", UriKind.Relative), null);
        using var discarded = await console.Admin.DeleteAsync(new Uri("/admin/workspaces/acme/dead-letters?all=true", UriKind.Relative));
        discarded.EnsureSuccessStatusCode();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Stored_sends_are_shown_and_one_that_may_have_been_sent_is_discarded()
    {
        const string message = """{"transactional_message_id":"1","to":"ann@example.com","identifiers":{"id":"ann"}}""";
        await console.PostAsync("/v1/send/email", $"Bearer {ConsoleUnderTest.AppKey}", message, "respond-async");
        await using var view = await console.OpenAsync("w/acme/sends");
        await Assertions.Expect(view.Page.Locator("[data-answered]").First).ToContainTextAsync("sent");

        console.Sandbox.Faults = new SandboxFaults { ResetAfterProcessing = 1 };
        await console.PostAsync("/v1/send/email", $"Bearer {ConsoleUnderTest.AppKey}", message, "respond-async");
        await Assertions.Expect(view.Page.Locator("[data-letter]")).ToContainTextAsync("may have been sent");
        console.Sandbox.Faults = SandboxFaults.None;
        Assert.Equal("", string.Join('\n', await view.FindBarriersAsync()));
        await view.Page.Locator("[data-letter]").GetByRole(AriaRole.Button, new() { Name = "Discard…" }).ClickAsync();
        await view.Button("Discard").ClickAsync();
        await view.Page.GetByText("The message is discarded.").WaitForAsync();
        await Assertions.Expect(view.Page.Locator("[data-letter]")).ToHaveCountAsync(0);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Imports_are_listed_with_their_progress()
    {
        await console.PostAsync("/bulk/identify", ConsoleUnderTest.Basic, "{\"id\":\"i1\"}\n{\"id\":\"i2\"}\n{\"id\":\"\"}\n");
        await using var view = await console.OpenAsync("w/acme/imports");
        await Assertions.Expect(view.Page.Locator("[data-import]").First).ToContainTextAsync("it has ended");
        Assert.Equal("", string.Join('\n', await view.FindBarriersAsync()));

        await view.Page.Locator("[data-import] a").First.ClickAsync();

        await view.WaitForAsync("delivered", delivered => delivered == 2);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Refused_Pipelines_calls_are_shown_and_deleted()
    {
        var credentials = $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{ConsoleUnderTest.WriteKey}:"))}";
        await console.PostAsync("/v1/batch", credentials, """{"batch":[{"type":"track","userId":"refused-person"}]}""");
        await using var view = await console.OpenAsync("w/acme/refused");
        await Wait.UntilAsync("The refused call", TimeSpan.FromSeconds(60), async () =>
        {
            await view.Page.ReloadAsync();
            await view.IsLiveAsync();
            return await view.Page.Locator("[data-refused]").CountAsync() == 1;
        });
        await Assertions.Expect(view.Page.Locator("[data-refused]")).ToContainTextAsync("refused-person");
        Assert.Equal("", string.Join('\n', await view.FindBarriersAsync()));

        await view.Button("Delete…").ClickAsync();
        await view.Button("Delete").ClickAsync();
        await view.Page.GetByText("The refused call is deleted.").WaitForAsync();
        await view.Page.GetByText("There are none.").WaitForAsync();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_selection_of_dead_letters_is_replayed_and_discarded_after_a_preview()
    {
        console.Sandbox.Faults = new SandboxFaults { RefuseFirst = "purchase" };
        await console.SendAsync(3, "sel");
        await using var view = await console.OpenAsync("w/acme");
        await view.WaitForAsync("dead-letters", letters => letters == 3);
        await view.Page.GotoAsync("w/acme/dead-letters?customer=sel1");
        await view.IsLiveAsync();
        await Assertions.Expect(view.Page.Locator("[data-letter]")).ToHaveCountAsync(1);
        await view.Button("Discard all of these…").ClickAsync();
        await Assertions.Expect(view.Page.Locator("[data-value=preview]")).ToContainTextAsync("1 dead letters of id:sel1 are deleted for good");
        await view.Button("Discard all").ClickAsync();
        await view.Page.GetByText("1 are discarded.").WaitForAsync();

        await view.Page.GotoAsync("w/acme/dead-letters");
        await view.IsLiveAsync();
        await view.Page.Locator("[data-cause] a").ClickAsync();
        await Assertions.Expect(view.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("cause="));
        await view.Button("Replay all of these…").ClickAsync();
        await Assertions.Expect(view.Page.Locator("[data-value=preview]")).ToContainTextAsync("2 dead letters of this cause go to the ends of their customers' queues");
        Assert.Equal("", string.Join('\n', await view.FindBarriersAsync()));
        await view.Button("Replay all").ClickAsync();
        await view.Page.GetByText("2 wait again.").WaitForAsync();
        await Wait.UntilAsync("The replayed calls", TimeSpan.FromSeconds(60), () => console.Sandbox.Customer("sel0") is not null && console.Sandbox.Customer("sel2") is not null);

        var audit = await console.Admin.GetStringAsync(new Uri("/admin/audit?limit=2", UriKind.Relative));
        Assert.Contains("/admin/workspaces/acme/dead-letters/replay?cause=", audit, StringComparison.Ordinal);
        Assert.Contains("/admin/workspaces/acme/dead-letters?customer=id%3Asel1", audit, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_held_customer_goes_on_when_its_dead_letter_is_replayed_in_its_place()
    {
        console.Sandbox.Faults = new SandboxFaults { RefuseFirst = "\"n\":1}" };
        await console.SendStrictAsync("held", 1);
        await console.SendStrictAsync("held", 2);
        await using var view = await console.OpenAsync("w/strict");
        await view.WaitForAsync("dead-letters", letters => letters == 1);
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("[data-held]")).ToContainTextAsync("id:held");
        Assert.Equal("", string.Join('\n', await view.FindBarriersAsync()));

        await view.Button("Replay in its place…").ClickAsync();
        await view.Button("Replay").ClickAsync();

        await view.Page.GetByText("The call waits again.").WaitForAsync();
        await view.Page.GetByText("There are none.").WaitForAsync();
        await Wait.UntilAsync("Both calls", TimeSpan.FromSeconds(60), () => console.Sandbox.Customer("held") is not null);
    }

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [MemberData(nameof(Views))]
    public async Task Everybody_can_use_a_view_in_both_colours(string path)
    {
        await using var view = await console.OpenAsync(path);
        var toggle = view.Button("Dark or light");
        // Where the page starts depends on the page before it: a browser hands what one tab has stored to the next one late.
        var before = await view.ColoursAsync();

        var barriers = await view.FindBarriersAsync();
        await toggle.ClickAsync();
        Assert.Equal(before == "dark" ? "light" : "dark", await view.ColoursAsync());
        barriers = [.. barriers, .. await view.FindBarriersAsync()];
        await toggle.ClickAsync();
        Assert.Equal(before, await view.ColoursAsync());

        Assert.Equal("", string.Join('\n', barriers));
    }
}
