using System.CommandLine;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl status</c>: shows a workspace, or one of its imports, customers or calls.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var import = new Option<string>("--import") { Description = "An import by its id." };
        var customer = new Option<string>("--customer") { Description = "A customer: an id, an e-mail address, or id:42, email:ann@example.com, cio:03." };
        var call = new Option<string>("--call") { Description = "A call by its id; with --customer it is found at once." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("status", "Shows how a workspace is doing, or an import, a customer, a call.") { import, customer, call, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var person = parse.GetValue(customer) is { } given ? Uri.EscapeDataString(given) : null;
            var path = parse.GetValue(import) is { } importId ? $"/imports/{Uri.EscapeDataString(importId)}"
                : parse.GetValue(call) is { } callId ? $"/calls/{Uri.EscapeDataString(callId)}{(person is null ? "" : $"?customer={person}")}"
                : person is not null ? $"/customers/{person}"
                : "";
            if (await client.FindAsync(HttpMethod.Get, workspace, path, stop) is not { } answer)
            {
                throw new CliException(ExitCode.SomeRefused, $"The dispatcher knows nothing of it in workspace '{workspace}'.");
            }

            JsonTree.Show(answer, parse.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }
}
