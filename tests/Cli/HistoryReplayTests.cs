using System.Text;
using System.Text.Json;
using CioOrleans.Testing;

namespace CioOrleans.Cli.Tests;

public sealed class HistoryReplayTests(SharedDispatcher shared) : CliTest(shared)
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_span_is_counted_first_and_replayed_with_yes()
    {
        await DeliverAsync("u1", "u2", "u3");
        Assert.Equal((1, "There is no replay."), await ReplayAsync());
        const string rest = "0 without a body, 0 messages, 0 not delivered, 0 refused can be replayed. Start it with --yes.";
        Assert.Equal((0, $"3 of 3 calls, {rest}"), await ReplayAsync("--from", "1h"));
        Assert.Equal((0, $"1 of 1 calls, {rest}"), await ReplayAsync("--from", "1h", "--to", "2100-01-01T00:00Z", "--customer", "u2", "--kind", "identify", "--status", "success", "--yes", "--dry-run"));
        Assert.Equal((0, $"0 of 0 calls, {rest}"), await ReplayAsync("--from", "1h", "--status", "5xx"));
        Assert.Equal((1, "There is no replay."), await ReplayAsync());

        var (exitCode, started) = await ReplayAsync("--from", "1h", "--customer", "id:u3", "--yes", "--json");
        Assert.Equal(0, exitCode);
        var id = JsonDocument.Parse(started).RootElement.GetProperty("id").GetString();
        await Sandbox.WaitForProcessedAsync(4);
        var shown = await Wait.ForAnswerAsync(
            "The end of the replay", TimeSpan.FromSeconds(60), async () => await ReplayAsync() is (0, var line) && line.StartsWith($"{id}  done  reached ", StringComparison.Ordinal) ? line : null);

        Assert.EndsWith("  1 replayed of 1 calls, 0 without a body, 0 messages, 0 not delivered, 0 refused", shown, StringComparison.Ordinal);
        Assert.Equal(["u1", "u2", "u3", "u3"], Sandbox.Requests.Select(request => request.RawTarget.Split('/')[4]).Order());

        // One that has ended stays as it is.
        foreach (var change in new[] { "--pause", "--resume", "--cancel" })
        {
            Assert.Equal((0, shown), await ReplayAsync(change));
        }
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Options_that_do_not_fit_start_nothing()
    {
        const string alone = "--pause, --resume and --cancel concern the latest replay; each goes alone.";
        Assert.Equal((2, alone), await ReplayAsync("--pause", "--cancel"));
        Assert.Equal((2, alone), await ReplayAsync("--resume", "--from", "1h"));
        foreach (var (options, error) in new[]
        {
            (new[] { "--to", "1h", "--yes" }, "Say which span: 'from' is a time before 'to'."),
            (["--from", "perhaps", "--yes"], "'from' is a time"),
            (["--from", "1h", "--kind", "poem", "--yes"], "There is no kind of call 'poem'."),
            (["--from", "1h", "--status", "6xx", "--yes"], "There is no status '6xx': "),
        })
        {
            var (exitCode, output) = await ReplayAsync(options);
            Assert.NotEqual(0, exitCode);
            Assert.Contains(error, output, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await ReplayAsync("--form", "1h")).ExitCode);
        Assert.Equal((1, "There is no replay."), await ReplayAsync("--cancel"));
    }

    private Task<(int ExitCode, string Output)> ReplayAsync(params string[] options) => CioCtl.RunAsync(Workspace, ["history", "replay", .. options]);

    private async Task DeliverAsync(params string[] people)
    {
        foreach (var person in people)
        {
            using var body = new StringContent("{}", Encoding.UTF8, "application/json");
            using var accepted = await Workspace.Http.PutAsync(new Uri($"/api/v1/customers/{person}", UriKind.Relative), body);
            Assert.True(accepted.IsSuccessStatusCode);
        }

        await Workspace.WaitUntilEmptyAsync();
    }
}
