using System.CommandLine;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl verify</c>: proves from the record alone that limits and order were kept.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "A time (2026-11-27T15:00Z), today, yesterday, or how long ago (90m, 24h, 7d).", DefaultValueFactory = _ => "24h" };
        var to = new Option<string?>("--to") { Description = "As --from (default: the latest time whose requests must all have ended)." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("verify", "Judges the record of all requests: limits, each customer's order, one end for each call. Exit code 0: kept; 1: broken; 5: not all of it can be judged.")
        {
            from, to, json,
        };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var end = parse.GetValue(to) is { } given ? $"&to={Uri.EscapeDataString(given)}" : "";
            var answer = await client.AdminAsync(HttpMethod.Get, workspace, $"/history/verify?from={Uri.EscapeDataString(parse.GetValue(from)!)}{end}", null, stop);
            JsonTree.Show(answer, parse.GetValue(json));
            return answer.GetProperty("verdict").GetString() switch
            {
                "kept" => ExitCode.Done,
                "broken" => ExitCode.SomeRefused,
                _ => ExitCode.NotJudged,
            };
        });
        return command;
    }
}
