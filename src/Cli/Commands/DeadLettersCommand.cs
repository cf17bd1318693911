using System.CommandLine;
using System.Text.Json;
using CioOrleans.Cli.Connection;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl dead-letters</c>: lists dead letters.</summary>
internal static class DeadLettersCommand
{
    public static Command Create()
    {
        var limit = new Option<int>("--limit") { Description = "The maximum number, the oldest first.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, with the call's body." };
        var command = new Command("dead-letters", "Lists the calls that were given up, and why.") { limit, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var count = 0;
            await foreach (var letter in ReadAsync(client, workspace, parse.GetValue(limit), stop))
            {
                count++;
                Console.WriteLine(parse.GetValue(json)
                    ? letter.GetRawText()
                    : TerminalText.Escape($"{letter.GetProperty("id")}  {letter.GetProperty("diedAt").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {letter.GetProperty("customer")}  {letter.GetProperty("kind")}  {letter.GetProperty("reason")}"));
            }

            if (count == 0)
            {
                await Console.Error.WriteLineAsync("There are no dead letters.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Reads dead letters page by page, the oldest call first.</summary>
    public static IAsyncEnumerable<JsonElement> ReadAsync(DispatcherClient client, string workspace, int limit, CancellationToken stop) =>
        client.ListAsync(workspace, "/dead-letters", "deadLetters", limit, stop);
}
