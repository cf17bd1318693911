using System.CommandLine;
using System.Text.Json;
using CioOrleans.Cli.Connection;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl history replay</c>: replays a span of the history, or shows, pauses, resumes or cancels the latest replay.</summary>
internal static class HistoryReplayCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Count the calls only." };
        var yes = new Option<bool>("--yes") { Description = "Start it. Without it the calls are counted only." };
        var pause = new Option<bool>("--pause") { Description = "Pause the replay that runs." };
        var resume = new Option<bool>("--resume") { Description = "Go on with the replay that is paused." };
        var cancel = new Option<bool>("--cancel") { Description = "Cancel the replay." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("replay", "Accepts the calls of a span again, under their own ids and time stamps. Without options it shows the latest replay.")
        {
            dryRun, yes, pause, resume, cancel, json,
        };
        var filters = new QueryOptions(
            command,
            ("from", $"The begin of the span: {QueryOptions.Time}."),
            ("to", "The end of the span (default: now)."),
            ("customer", QueryOptions.Customer),
            ("kind", QueryOptions.Kind),
            ("status", $"With a row of this status in the span: {QueryOptions.Status}."));
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            var query = filters.Read(parse);
            var changes = new[] { parse.GetValue(pause), parse.GetValue(resume), parse.GetValue(cancel) }.Count(isSet => isSet);
            if (changes > 1 || (changes == 1 && query.Count > 0))
            {
                throw new CliException(ExitCode.Usage, "--pause, --resume and --cancel concern the latest replay; each goes alone.");
            }

            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            if (query.Count > 0)
            {
                var isPreview = parse.GetValue(dryRun) || !parse.GetValue(yes);
                Show(await StartAsync(client, workspace, query, isPreview, stop), parse.GetValue(json));
                return ExitCode.Done;
            }

            var (method, path) = parse.GetValue(pause) ? (HttpMethod.Post, "/pause") : parse.GetValue(resume) ? (HttpMethod.Post, "/resume") : parse.GetValue(cancel) ? (HttpMethod.Delete, "") : (HttpMethod.Get, "");
            if (await client.FindAsync(method, workspace, $"/history/replay{path}", stop) is not { } latest)
            {
                await Console.Error.WriteLineAsync("There is no replay.");
                return ExitCode.SomeRefused;
            }

            Show(latest, parse.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<JsonElement> StartAsync(DispatcherClient client, string workspace, List<string> query, bool isPreview, CancellationToken stop) =>
        await client.AdminAsync(HttpMethod.Post, workspace, $"/history/replay?{string.Join('&', query)}{(isPreview ? "&dryRun=true" : "")}", null, stop);

    private static void Show(JsonElement answer, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(answer.GetRawText());
            return;
        }

        string Number(string name) => answer.GetProperty(name).GetRawText();
        var counts = $"{Number("calls")} calls, {Number("withoutBody")} without a body, {Number("sends")} messages, {Number("notDelivered")} not delivered, {Number("refused")} refused";
        Console.WriteLine(TerminalText.Escape(answer.TryGetProperty("state", out var state)
            ? $"{answer.GetProperty("id").GetString()}  {state.GetString()}  reached {answer.GetProperty("reached").GetString()}  {Number("replayable")} replayed of {counts}{(answer.TryGetProperty("problem", out var problem) ? $"  {problem.GetString()}" : "")}"
            : $"{Number("replayable")} of {counts} can be replayed{(answer.TryGetProperty("next", out var next) ? $"; counted up to {next.GetString()}" : "")}. Start it with --yes."));
    }
}
