using System.CommandLine;
using System.Text.Json;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl dead-letters</c>: lists dead letters; and <c>dead-letters causes</c>.</summary>
internal static class DeadLettersCommand
{
    public static Command Create()
    {
        var limit = new Option<int>("--limit") { Description = "The maximum number, the oldest first.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, with the call's body." };
        var command = new Command("dead-letters", "Lists the calls that were given up, and why.") { limit, json, Causes() };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var count = 0;
            await foreach (var letter in client.ListAsync(workspace, "/dead-letters", "deadLetters", parse.GetValue(limit), stop))
            {
                count++;
                Console.WriteLine(parse.GetValue(json)
                    ? letter.GetRawText()
                    : TerminalText.Escape(Line(letter)));
            }

            if (count == 0)
            {
                await Console.Error.WriteLineAsync("There are no dead letters.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A dead letter in one line.</summary>
    public static string Line(JsonElement letter) =>
        $"{letter.GetProperty("id")}  {letter.GetProperty("diedAt").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {letter.GetProperty("customer")}  {letter.GetProperty("kind")}  {letter.GetProperty("reason")}";

    private static Command Causes()
    {
        var limit = new Option<int>("--limit") { Description = "The maximum number, the most frequent first.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("causes", "Counts the dead letters by kind of call and cause.") { limit, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var answer = await client.AdminAsync(HttpMethod.Get, workspace, $"/dead-letters/causes?limit={parse.GetValue(limit)}", null, stop);
            var count = 0;
            foreach (var cause in answer.GetProperty("causes").EnumerateArray())
            {
                count++;
                Console.WriteLine(parse.GetValue(json)
                    ? cause.GetRawText()
                    : TerminalText.Escape($"{cause.GetProperty("cause")}  {cause.GetProperty("count"),8}  {cause.GetProperty("kind")}  {cause.GetProperty("status")}  {cause.GetProperty("newest").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {cause.GetProperty("answer")}"));
            }

            if (count == 0)
            {
                await Console.Error.WriteLineAsync("There are no dead letters.");
            }
            else if (!answer.GetProperty("isComplete").GetBoolean())
            {
                await Console.Error.WriteLineAsync("There are more.");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
