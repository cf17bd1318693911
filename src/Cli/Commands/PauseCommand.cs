using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl pause</c> and <c>cioctl resume</c>: stop and continue the delivery of a workspace.</summary>
internal static class PauseCommand
{
    public static Command Pause()
    {
        var reason = new Option<string>("--reason") { Description = "The reason, shown in the status of the workspace." };
        var command = new Command("pause", "Stops delivery until it is resumed, through restarts; calls are still accepted.") { reason };
        var server = new ServerOptions(command);
        command.SetGuarded((parse, stop) => RunAsync(
            server, parse, "/pause", parse.GetValue(reason) is { } text ? JsonDocument.Parse(new JsonObject { ["reason"] = text }.ToJsonString()).RootElement : null, "is paused", stop));
        return command;
    }

    public static Command Resume()
    {
        var command = new Command("resume", "Goes on with delivery.");
        var server = new ServerOptions(command);
        command.SetGuarded((parse, stop) => RunAsync(server, parse, "/resume", null, "delivers", stop));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions server, ParseResult parse, string path, JsonElement? body, string done, CancellationToken stop)
    {
        using var client = server.Connect(parse);
        var workspace = await server.WorkspaceAsync(parse, client, stop);
        var status = await client.AdminAsync(HttpMethod.Post, workspace, path, body, stop);
        Console.WriteLine($"{workspace} {done}; {status.GetProperty("queued")} calls wait.");
        return ExitCode.Done;
    }
}
