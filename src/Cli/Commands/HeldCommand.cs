using System.CommandLine;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl held</c>: lists the customers whose queues a dead letter holds.</summary>
internal static class HeldCommand
{
    public static Command Create()
    {
        var limit = new Option<int>("--limit") { Description = "The maximum number, in the order of their names.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("held", "Lists the customers whose queues a dead letter holds. They go on when it is replayed or discarded.") { limit, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            var count = 0;
            await foreach (var customer in client.ListAsync(workspace, "/held-customers", "customers", parse.GetValue(limit), stop))
            {
                count++;
                var held = customer.GetProperty("held");
                Console.WriteLine(parse.GetValue(json)
                    ? customer.GetRawText()
                    : TerminalText.Escape($"{customer.GetProperty("customer")}  {held.GetProperty("id")}  {held.GetProperty("diedAt").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {held.GetProperty("kind")}  {held.GetProperty("reason")}"));
            }

            if (count == 0)
            {
                await Console.Error.WriteLineAsync("No customer is held.");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
