using System.CommandLine;
using System.Text.Json;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl refused</c>: lists, shows and deletes refused calls of the Pipelines API.</summary>
internal static class RefusedCommand
{
    public static Command Create() => new("refused", "Pipelines calls that were invalid and were answered 200, as Customer.io answers them.") { List(), Show(), Delete() };

    private static Command List()
    {
        var limit = new Option<int>("--limit") { Description = "The maximum number, the newest first.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, without the call's body." };
        var command = new Command("list", "Lists refused calls, and why they were refused.") { limit, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var count = 0;
            await foreach (var call in client.ListAsync(workspace, "/refused-calls", "refusedCalls", parse.GetValue(limit), stop))
            {
                count++;
                Console.WriteLine(parse.GetValue(json)
                    ? call.GetRawText()
                    : TerminalText.Escape($"{call.GetProperty("id")}  {call.GetProperty("refusedAt").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {TextOr(call, "customer", "-")}  {TextOr(call, "type", "-")}  {call.GetProperty("reason")}  {call.GetProperty("problem")}"));
            }

            if (count == 0)
            {
                await Console.Error.WriteLineAsync("There are no refused calls.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<string>("id") { Description = "A refused call by its id." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("show", "Shows one refused call with its body.") { id, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var call = await client.FindAsync(HttpMethod.Get, workspace, $"/refused-calls/{Uri.EscapeDataString(parse.GetValue(id)!)}", stop)
                ?? throw new CliException(ExitCode.SomeRefused, $"There is no refused call '{parse.GetValue(id)}'.");
            JsonTree.Show(call, parse.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Delete()
    {
        var ids = new Argument<string[]>("ids") { Description = "Refused calls by their ids.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that there are." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask back." };
        var command = new Command("delete", "Deletes refused calls for good.") { ids, all, yes };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            var named = parse.GetValue(ids)!;
            if (parse.GetValue(all) == named.Length > 0)
            {
                throw new CliException(ExitCode.Usage, "Name refused calls by their ids (cioctl refused list lists them), or refused delete --all.");
            }

            if (parse.GetValue(all) && !parse.GetValue(yes))
            {
                throw new CliException(ExitCode.Usage, "This deletes every refused call for good: say so with --yes.");
            }

            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var (deleted, missing) = (0L, 0);
            for (var isComplete = !parse.GetValue(all); !isComplete;)
            {
                var answer = await client.AdminAsync(HttpMethod.Delete, workspace, "/refused-calls?all=true", null, stop);
                deleted += answer.GetProperty("deleted").GetInt64();
                isComplete = answer.GetProperty("isComplete").GetBoolean();
            }

            foreach (var id in named)
            {
                if (await client.FindAsync(HttpMethod.Delete, workspace, $"/refused-calls/{Uri.EscapeDataString(id)}", stop) is null)
                {
                    missing++;
                    await Console.Error.WriteLineAsync($"There is no refused call '{id}'.");
                }
                else
                {
                    deleted++;
                }
            }

            Console.WriteLine($"{deleted} deleted.");
            return missing == 0 ? ExitCode.Done : ExitCode.SomeRefused;
        });
        return command;
    }

    private static string TextOr(JsonElement call, string name, string other) => call.GetProperty(name).GetString() ?? other;
}
