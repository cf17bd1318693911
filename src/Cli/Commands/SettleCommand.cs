using System.CommandLine;
using System.Text.Json;
using CioOrleans.Cli.Connection;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl replay</c> and <c>cioctl discard</c>: replay or discard dead letters, by their ids or by what selects them.</summary>
internal static class SettleCommand
{
    private static readonly (string Name, string Description)[] _filters =
    [
        ("cause", "Of one cause: cioctl dead-letters causes lists them."),
        ("kind", QueryOptions.Kind),
        ("status", $"By what Customer.io answered: {QueryOptions.Status}, or a status (422)."),
        ("customer", QueryOptions.Customer),
        ("from", $"Dead since then: {QueryOptions.Time}."),
        ("to", "Dead before then."),
    ];

    public static Command Replay() => Create(
        "replay", "Puts dead letters at the end of their customers' queues.", "replayed", HttpMethod.Post, "/replay", isFinal: false);

    public static Command Discard() => Create("discard", "Deletes dead letters for good.", "discarded", HttpMethod.Delete, "", isFinal: true);

    private static Command Create(string name, string description, string done, HttpMethod method, string suffix, bool isFinal)
    {
        var ids = new Argument<string[]>("ids") { Description = "Dead letters by their ids.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that there are." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Count them only, and show some." };
        var yes = new Option<bool>("--yes") { Description = $"Do not ask back. Without it a selection is counted only{(isFinal ? "" : "; --all needs none")}." };
        var command = new Command(name, description) { ids, all, dryRun, yes };
        var filters = new QueryOptions(command, _filters);
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            var named = parse.GetValue(ids)!;
            var query = filters.Read(parse);
            var isSelection = parse.GetValue(all) || query.Count > 0;
            if (isSelection == named.Length > 0)
            {
                throw new CliException(
                    ExitCode.Usage, $"Name dead letters by their ids (cioctl dead-letters lists them), or {name} --all, or select some: {filters.Names}.");
            }

            if (isFinal && query.Count == 0 && parse.GetValue(all) && !parse.GetValue(yes) && !parse.GetValue(dryRun))
            {
                throw new CliException(ExitCode.Usage, "This deletes every dead letter for good: say so with --yes.");
            }

            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            if (isSelection)
            {
                var isPreview = parse.GetValue(dryRun) || (query.Count > 0 && !parse.GetValue(yes));
                if (parse.GetValue(all))
                {
                    query.Add("all=true");
                }

                return isPreview
                    ? await PreviewAsync(client, method, workspace, $"/dead-letters{suffix}?{string.Join('&', query)}", name, stop)
                    : await SettleAsync(client, method, workspace, $"/dead-letters{suffix}", query, done, isFinal, stop);
            }

            var missing = 0;
            foreach (var id in named)
            {
                if (await client.FindAsync(method, workspace, $"/dead-letters/{Uri.EscapeDataString(id)}{suffix}", stop) is null)
                {
                    missing++;
                    await Console.Error.WriteLineAsync($"There is no dead letter '{id}'.");
                }
            }

            Console.WriteLine($"{named.Length - missing} {done}.");
            return missing == 0 ? ExitCode.Done : ExitCode.SomeRefused;
        });
        return command;
    }

    private static async Task<int> PreviewAsync(DispatcherClient client, HttpMethod method, string workspace, string path, string name, CancellationToken stop)
    {
        var answer = await client.AdminAsync(method, workspace, $"{path}&dryRun=true", null, stop);
        foreach (var letter in answer.GetProperty("examples").EnumerateArray())
        {
            Console.WriteLine(TerminalText.Escape(DeadLettersCommand.Line(letter)));
        }

        Console.WriteLine($"{answer.GetProperty("matched")} dead letters match{Unknown(answer)}. To {name} them: --yes{To(answer)}.");
        return ExitCode.Done;
    }

    private static async Task<int> SettleAsync(
        DispatcherClient client, HttpMethod method, string workspace, string path, List<string> query, string done, bool isFinal, CancellationToken stop)
    {
        var (settled, unknown) = (0L, 0L);
        for (string? next = ""; next is not null;)
        {
            var answer = await client.AdminAsync(method, workspace, $"{path}?{string.Join('&', query)}{(next.Length == 0 ? "" : $"&after={next}")}", null, stop);
            settled += answer.GetProperty("done").GetInt64();
            unknown += answer.GetProperty("outcomeUnknown").GetInt64();
            if (answer.TryGetProperty("problem", out var problem))
            {
                throw new CliException(ExitCode.Unreachable, $"{settled} {done}, and then no more: {problem}. The same command goes on.");
            }

            // The end of the selection stays where the first request has found it.
            if (!query.Exists(parameter => parameter.StartsWith("to=", StringComparison.Ordinal)) && answer.TryGetProperty("to", out var to))
            {
                query.Add($"to={Uri.EscapeDataString(to.GetString()!)}");
            }

            next = answer.TryGetProperty("next", out var following) ? following.GetString() : null;
        }

        Console.WriteLine($"{settled} {done}{(unknown > 0 && !isFinal ? $"; {unknown} sends that may have been sent stay: replay them by their ids" : "")}.");
        return unknown > 0 && !isFinal ? ExitCode.SomeRefused : ExitCode.Done;
    }

    private static string Unknown(JsonElement answer) =>
        answer.GetProperty("outcomeUnknown").GetInt64() is > 0 and var unknown ? $" ({unknown} of them are sends that may have been sent, which are replayed by their ids only)" : "";

    /// <summary>So that what becomes a dead letter after the preview is not in the selection.</summary>
    private static string To(JsonElement answer) => answer.TryGetProperty("to", out var to) ? $" --to {to.GetDateTimeOffset().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}" : "";
}
