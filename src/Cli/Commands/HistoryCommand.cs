using System.CommandLine;
using System.Text.Json;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl history</c>: what was sent to Customer.io and what it answered; and <c>history erase</c>.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var limit = new Option<int>("--limit") { Description = "The maximum number, the newest first.", DefaultValueFactory = _ => 50 };
        var bodies = new Option<bool>("--bodies") { Description = "With what was sent and answered, where it is kept; implies --json. Needs a key of role Operate." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("history", "What was sent to Customer.io, when, and what it answered.") { limit, bodies, json };
        var filters = new QueryOptions(
            command,
            ("customer", QueryOptions.Customer),
            ("call", "Of one call, by its id."),
            ("event", "Of the event with this id of its own, or of the call with this Idempotency-Key."),
            ("kind", QueryOptions.Kind),
            ("import", "Of one import, by its id."),
            ("status", $"{QueryOptions.Status}, or a status (422)."),
            ("from", $"Ended at this time or later: {QueryOptions.Time}."),
            ("to", "Ended before this time."));
        command.Add(Erase());
        command.Add(HistoryReplayCommand.Create());
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var query = filters.Read(parse);
            if (parse.GetValue(bodies))
            {
                query.Add("bodies=true");
            }

            var count = 0;
            await foreach (var row in client.ListAsync(workspace, query.Count == 0 ? "/history" : $"/history?{string.Join('&', query)}", "rows", parse.GetValue(limit), stop))
            {
                count++;
                Console.WriteLine(parse.GetValue(json) || parse.GetValue(bodies) ? row.GetRawText() : TerminalText.Escape(Line(row)));
            }

            if (count == 0)
            {
                await Console.Error.WriteLineAsync("The history has no such rows.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Erase()
    {
        var customer = new Argument<string>("customer") { Description = "A person: an ordering key (id:42, email:…) or what stands in a v1 path." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask back." };
        var command = new Command("erase", "Removes what the history tells of one person. That requests were made stays.") { customer, yes };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            if (!parse.GetValue(yes))
            {
                throw new CliException(ExitCode.Usage, "This removes what the history tells of the person for good: say so with --yes.");
            }

            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var rows = 0L;
            for (var isComplete = false; !isComplete;)
            {
                var answer = await client.AdminAsync(HttpMethod.Delete, workspace, $"/customers/{Uri.EscapeDataString(parse.GetValue(customer)!)}/history", null, stop);
                rows += answer.GetProperty("erased").GetInt64();
                isComplete = answer.GetProperty("isComplete").GetBoolean();
            }

            Console.WriteLine($"{rows} rows erased.");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Line(JsonElement row)
    {
        string Text(string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "-";
        return $"{row.GetProperty("ended").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z  {Text("customer")}  {Text("callId")}  {Text("kind")}  #{Text("attempt")}  {Text("result")}  {Text("status")}  {Text("reason")}";
    }
}
