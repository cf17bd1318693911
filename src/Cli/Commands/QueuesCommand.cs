using System.CommandLine;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl queues</c>: lists the longest queues of a workspace, or the oldest.</summary>
internal static class QueuesCommand
{
    public static Command Create()
    {
        var oldest = new Option<bool>("--oldest") { Description = "Those whose first call has waited longest, instead of the longest." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("queues", "Lists the longest queues of a workspace, as they were when they were last counted.") { oldest, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var answer = await client.AdminAsync(HttpMethod.Get, await server.WorkspaceAsync(parse, client, stop), "/queues", null, stop);
            if (parse.GetValue(json))
            {
                Console.WriteLine(answer.GetRawText());
                return ExitCode.Done;
            }

            foreach (var queue in answer.GetProperty(parse.GetValue(oldest) ? "oldest" : "longest").EnumerateArray())
            {
                var first = queue.GetProperty("firstAcceptedAt");
                var since = first.ValueKind == System.Text.Json.JsonValueKind.Null ? "-" : $"{first.GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
                Console.WriteLine(TerminalText.Escape($"{queue.GetProperty("customer")}  {queue.GetProperty("queued")}  since {since}"));
            }

            Console.WriteLine($"Counted at {answer.GetProperty("at").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.");
            return ExitCode.Done;
        });
        return command;
    }
}
