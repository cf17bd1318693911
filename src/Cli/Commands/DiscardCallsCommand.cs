using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl discard-calls</c>: discards waiting calls, or counts them without <c>--yes</c>.</summary>
internal static class DiscardCallsCommand
{
    public static Command Create()
    {
        var call = new Option<string>("--call") { Description = "One call by its id; with --customer it is found at once." };
        var customer = new Option<string>("--customer") { Description = "Calls of this customer: an id, an e-mail address, or id:42, email:ann@example.com, cio:03." };
        var kind = new Option<string>("--kind") { Description = "Calls of a kind, such as event or add-device." };
        var limitClass = new Option<string>("--class") { Description = "Calls of a limit class, such as track or batch." };
        var host = new Option<string>("--host") { Description = "Calls for one of Customer.io's hosts: track, app, pipelines." };
        var olderThan = new Option<double?>("--older-than") { Description = "Calls that were accepted longer ago than this many seconds." };
        var import = new Option<string>("--import") { Description = "Calls of an import, by its id." };
        var all = new Option<bool>("--all") { Description = "Every waiting call of the workspace." };
        var yes = new Option<bool>("--yes") { Description = "Discard them. Without it they are counted only." };
        var command = new Command("discard-calls", "Discards waiting calls for good: one, a customer's, or all that match. A call in flight is not discarded.")
        {
            call, customer, kind, limitClass, host, olderThan, import, all, yes,
        };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            var query = new List<string>();
            Add("kind", parse.GetValue(kind));
            Add("class", parse.GetValue(limitClass));
            Add("host", parse.GetValue(host));
            Add("olderThan", parse.GetValue(olderThan)?.ToString(CultureInfo.InvariantCulture));
            Add("import", parse.GetValue(import));
            var restrictions = query.Count;
            Add("all", parse.GetValue(all) ? "true" : null);
            Add("dryRun", parse.GetValue(yes) ? null : "true");
            var person = parse.GetValue(customer);
            var id = parse.GetValue(call);
            if (id is not null && (restrictions > 0 || parse.GetValue(all)))
            {
                throw new CliException(ExitCode.Usage, "--call names one call; it goes with --customer only.");
            }

            if (id is null && person is null && restrictions == 0 && !parse.GetValue(all))
            {
                throw new CliException(ExitCode.Usage, "Say which calls: --call, --customer, --kind, --class, --host, --older-than, --import; or --all.");
            }

            if (id is not null)
            {
                Add("customer", person);
            }

            var path = id is not null ? $"/calls/{Uri.EscapeDataString(id)}"
                : person is not null ? $"/customers/{Uri.EscapeDataString(person)}/calls"
                : "/calls";
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            long matched = 0, discarded = 0, inFlight = 0, barriers = 0, refused = 0;
            for (string? next = ""; next is not null;)
            {
                List<string> part = next.Length == 0 ? query : [.. query, $"after={next}"];
                if (await client.FindAsync(HttpMethod.Delete, workspace, $"{path}{(part.Count > 0 ? "?" : "")}{string.Join('&', part)}", stop) is not { } answer)
                {
                    throw new CliException(ExitCode.SomeRefused, $"No call '{id}' waits in workspace '{workspace}'.");
                }

                matched += Number(answer, "matched");
                discarded += Number(answer, "discarded");
                inFlight += Number(answer, "inFlight");
                barriers += Number(answer, "barriers");
                refused += answer.TryGetProperty("refused", out var refusedCalls) ? refusedCalls.GetInt64() : 0;
                if (answer.TryGetProperty("problem", out var problem))
                {
                    throw new CliException(ExitCode.Unreachable, $"{discarded} discarded, and then no more: {problem}. The same command goes on.");
                }

                next = answer.TryGetProperty("next", out var following) ? following.GetRawText() : null;
            }

            if (!parse.GetValue(yes))
            {
                Console.WriteLine($"{matched} waiting calls{(refused > 0 ? $" and {refused} refused calls" : "")} match. Discard them with --yes.");
                return ExitCode.Done;
            }

            Console.WriteLine($"{discarded} of {matched} discarded{(inFlight > 0 ? $", {inFlight} in flight stay" : "")}{(barriers > 0 ? $", {barriers} barriers of merges stay" : "")}{(refused > 0 ? $", {refused} refused calls deleted" : "")}.");
            return inFlight == 0 ? ExitCode.Done : ExitCode.SomeRefused;

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    query.Add($"{name}={Uri.EscapeDataString(value)}");
                }
            }
        });
        return command;
    }

    private static long Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt64();
}
