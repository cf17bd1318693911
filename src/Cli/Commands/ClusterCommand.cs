using System.CommandLine;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl cluster</c>: shows the silos and the owners of the workspaces. With <c>--drain</c> a silo hands over its workspaces.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var drain = new Option<string>("--drain") { Description = "Let this silo hand over its workspaces and take none until it is started again." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("cluster", "Shows the silos of the cluster and who owns which workspace.") { drain, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var answer = parse.GetValue(drain) is { } silo ? await client.DrainAsync(silo, stop) : await client.ClusterAsync(stop);
            JsonTree.Show(answer, parse.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }
}
