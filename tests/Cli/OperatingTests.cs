using CioOrleans.Testing;
using CioOrleans.Testing.Processes;

namespace CioOrleans.Cli.Tests;

public sealed class OperatingTests(SharedDispatcher shared) : CliTest(shared)
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_paused_workspace_says_so_and_goes_on_when_it_is_resumed()
    {
        Assert.Equal((0, $"{Workspace.Name} is paused; 0 calls wait."), await CioCtl.RunAsync(Workspace, "pause", "--reason", "a \"test\""));
        var file = WritePeople(3);
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "import", file, "--id", "id", "--no-wait")).ExitCode);

        var (exitCode, status) = await CioCtl.RunAsync(Workspace, "status");
        Assert.Equal(0, exitCode);
        Assert.Contains("isPaused           yes", status, StringComparison.Ordinal);
        Assert.Contains("a \"test\"", status, StringComparison.Ordinal);
        Assert.Contains("queued             3", status, StringComparison.Ordinal);

        Assert.Equal((0, $"{Workspace.Name} delivers; 3 calls wait."), await CioCtl.RunAsync(Workspace, "resume"));
        await Sandbox.WaitForProcessedAsync(3);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Dead_letters_are_listed_replayed_and_discarded()
    {
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 1 };
        var (refused, output) = await CioCtl.RunAsync(Workspace, "import", WritePeople(3), "--id", "id");
        Assert.True(refused == 1, output);
        Assert.Contains("3 calls were given up: see cioctl dead-letters.", output, StringComparison.Ordinal);

        Sandbox.Faults = Sandbox.Faults with { FailedItems = 0 };
        var letters = (await CioCtl.RunAsync(Workspace, "dead-letters")).Output.Split('\n');
        Assert.Equal(3, letters.Length);
        Assert.All(letters, letter => Assert.Matches("^[0-9A-Z]{26}  .*  id:u[123]  identify  400: .*refused by the sandbox", letter));

        var id = letters[0][..26];
        Assert.Equal((0, "1 replayed."), await CioCtl.RunAsync(Workspace, "replay", id));
        Assert.Equal((1, $"There is no dead letter '{id}'.\n0 replayed."), await CioCtl.RunAsync(Workspace, "replay", id));
        Assert.Equal((0, "1 discarded."), await CioCtl.RunAsync(Workspace, "discard", letters[1][..26]));
        Assert.Equal((2, "This deletes every dead letter for good: say so with --yes."), await CioCtl.RunAsync(Workspace, "discard", "--all"));
        Assert.Equal((0, "1 replayed."), await CioCtl.RunAsync(Workspace, "replay", "--all"));
        await Sandbox.WaitForProcessedAsync(2);
        Assert.Equal((0, "There are no dead letters."), await CioCtl.RunAsync(Workspace, "dead-letters"));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Dead_letters_are_counted_by_cause_and_settled_by_what_selects_them()
    {
        // The four wait for each other, so that they leave in one request: a call that leaves alone is no item of a batch that could fail.
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 1 };
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "pause")).ExitCode);
        var import = CioCtl.RunAsync(Workspace, "import", WritePeople(4), "--id", "id");
        await Wait.UntilAsync(
            "The import's four calls",
            TimeSpan.FromSeconds(60),
            async () => (await CioCtl.RunAsync(Workspace, "discard-calls", "--class", "batch")).Output.StartsWith("4 waiting calls match.", StringComparison.Ordinal));
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "resume")).ExitCode);
        Assert.Equal(1, (await import).ExitCode);
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 0 };

        var (_, causes) = await CioCtl.RunAsync(Workspace, "dead-letters", "causes");
        Assert.Matches("^[0-9a-f]{16}         4  identify  400  [^\n]*refused by the sandbox[^\n]*$", causes);
        var cause = causes[..16];

        var (_, preview) = await CioCtl.RunAsync(Workspace, "replay", "--cause", cause, "--customer", "u2");
        Assert.Matches("^[0-9A-Z]{26}  [^\n]*  id:u2  identify  400: [^\n]*\n1 dead letters match. To replay them: --yes --to [^ ]*Z.$", preview);
        Assert.Equal((0, "1 replayed."), await CioCtl.RunAsync(Workspace, "replay", "--cause", cause, "--customer", "u2", "--yes"));
        Assert.EndsWith("3 dead letters match.", (await CioCtl.RunAsync(Workspace, "discard", "--status", "4xx", "--dry-run", "--yes")).Output.Split(" To discard")[0], StringComparison.Ordinal);
        Assert.Equal((0, "1 discarded."), await CioCtl.RunAsync(Workspace, "discard", "--status", "400", "--customer", "u3", "--yes"));
        Assert.Equal((0, "0 discarded."), await CioCtl.RunAsync(Workspace, "discard", "--kind", "event", "--yes"));
        Assert.Equal((0, "2 discarded."), await CioCtl.RunAsync(Workspace, "discard", "--all", "--yes"));
        Assert.Equal((0, "There are no dead letters."), await CioCtl.RunAsync(Workspace, "dead-letters", "causes"));
        Assert.Equal((0, "No customer is held."), await CioCtl.RunAsync(Workspace, "held"));
        await Sandbox.WaitForProcessedAsync(1);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Waiting_calls_are_counted_and_discarded()
    {
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "pause")).ExitCode);
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "import", WritePeople(5), "--id", "id", "--no-wait")).ExitCode);

        Assert.Equal(2, (await CioCtl.RunAsync(Workspace, "discard-calls")).ExitCode);
        Assert.Equal((0, "5 waiting calls match. Discard them with --yes."), await CioCtl.RunAsync(Workspace, "discard-calls", "--class", "batch"));
        Assert.Equal((0, "0 of 0 discarded."), await CioCtl.RunAsync(Workspace, "discard-calls", "--host", "app", "--yes"));
        Assert.Equal((0, "1 of 1 discarded."), await CioCtl.RunAsync(Workspace, "discard-calls", "--customer", "u2", "--yes"));
        Assert.Equal((0, "4 of 4 discarded."), await CioCtl.RunAsync(Workspace, "discard-calls", "--kind", "identify", "--older-than", "0", "--yes"));
        Assert.Equal((0, $"{Workspace.Name} delivers; 0 calls wait."), await CioCtl.RunAsync(Workspace, "resume"));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Refused_calls_are_listed_shown_and_deleted_and_go_with_their_customer()
    {
        using var caller = new HttpClient { BaseAddress = Workspace.Dispatcher.Url };
        caller.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Workspace.WriteKey}:")));
        const string batch = """{"batch":[{"type":"track","userId":"u1","x\u0007":1},{"type":"track","userId":"u2","event":" "},{"type":"merge"},7]}""";
        using var answer = await caller.PostAsync("/v1/batch", new StringContent(batch));
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);

        string[] listed = [];
        await Wait.UntilAsync("four refused calls", TimeSpan.FromSeconds(60), async () => (listed = (await CioCtl.RunAsync(Workspace, "refused", "list")).Output.Split('\n')).Length == 4);
        Assert.Contains(listed, line => line.EndsWith("  id:u1  track  no-event  Call 0 of the batch has no \"event\". Send the event's name as a string that is not blank.", StringComparison.Ordinal));
        Assert.Contains(listed, line => line.EndsWith("  -  -  no-object  Call 3 of the batch is not a JSON object. Send one: {…}.", StringComparison.Ordinal));

        var hers = listed.Single(line => line.Contains("id:u1", StringComparison.Ordinal))[..26];
        var (shown, output) = await CioCtl.RunAsync(Workspace, "refused", "show", hers);
        Assert.Equal(0, shown);
        Assert.Contains("userId           u1", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', output);
        Assert.Equal((1, $"There is no refused call '{hers[..25]}0'."), await CioCtl.RunAsync(Workspace, "refused", "show", $"{hers[..25]}0"));

        Assert.Equal((0, "1 deleted."), await CioCtl.RunAsync(Workspace, "refused", "delete", hers));
        Assert.Equal((1, $"There is no refused call '{hers}'.\n0 deleted."), await CioCtl.RunAsync(Workspace, "refused", "delete", hers));
        Assert.Equal((0, "0 waiting calls and 1 refused calls match. Discard them with --yes."), await CioCtl.RunAsync(Workspace, "discard-calls", "--customer", "u2"));
        Assert.Equal((0, "0 of 0 discarded, 1 refused calls deleted."), await CioCtl.RunAsync(Workspace, "discard-calls", "--customer", "u2", "--yes"));
        Assert.Equal((2, "This deletes every refused call for good: say so with --yes."), await CioCtl.RunAsync(Workspace, "refused", "delete", "--all"));
        Assert.Equal((0, "2 deleted."), await CioCtl.RunAsync(Workspace, "refused", "delete", "--all", "--yes"));
        Assert.Equal((0, "There are no refused calls."), await CioCtl.RunAsync(Workspace, "refused", "list"));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_only_workspace_needs_no_name_and_one_of_several_does()
    {
        await using var alone = await Dispatcher.StartAsync(Data, Sandbox.Url);
        Assert.Equal((0, "acme delivers; 0 calls wait."), await CioCtl.RunAsync(alone.Admin, Dispatcher.ApiKey, "resume"));

        var (exitCode, output) = await CioCtl.RunAsync(Workspace.Dispatcher.Admin, Dispatcher.ApiKey, "resume");
        Assert.Equal(2, exitCode);
        Assert.StartsWith("Name one of the workspaces with --workspace: ", output, StringComparison.Ordinal);
        Assert.Contains($" {Workspace.Name}, ", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Whoever_is_not_known_or_finds_nobody_is_told_what_to_do()
    {
        var file = WritePeople(1);

        Assert.Equal(4, (await CioCtl.RunAsync(Workspace.Dispatcher.Url, "wrong", "import", file, "--id", "id")).ExitCode);
        var nowhere = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var (exitCode, output) = await CioCtl.RunAsync(nowhere, "key", "import", file, "--id", "id", "--patience", "1");
        Assert.Equal(3, exitCode);
        Assert.EndsWith("0 of 1 rows are done; the same command goes on there.", output, StringComparison.Ordinal);
        Assert.Equal(3, (await CioCtl.RunAsync(nowhere, "key", "status")).ExitCode);
        Assert.Equal((1, "The dispatcher knows nothing of it in workspace 'nobody'."), await CioCtl.RunAsync(Workspace, "status", "--workspace", "nobody"));
        Assert.Equal(2, (await CioCtl.RunAsync(Workspace, "nonsense")).ExitCode);
    }
}
