using System.CommandLine;
using System.Text.Json;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Server;

namespace CioOrleans.Bench.Commands;

/// <summary>What the bench starts of itself as processes of their own; hidden from people.</summary>
internal static class ProcessCommands
{
    public static IEnumerable<Command> All => [Serve(), Load()];

    private static Command Serve()
    {
        var command = new Command("serve", "The dispatcher with the endpoint that does nothing in front.") { Hidden = true };
        command.SetAction(_ => BenchServer.RunAsync());
        return command;
    }

    private static Command Load()
    {
        var url = new Option<Uri>("--url") { Required = true, CustomParser = result => new Uri(result.Tokens[0].Value) };
        var connections = new Option<int>("--connections");
        var customers = new Option<int>("--customers");
        var body = new Option<int>("--body");
        var slices = new Option<string>("--slices") { Required = true };
        var command = new Command("load", "The load generator.") { url, connections, customers, body, slices };
        command.Hidden = true;
        command.SetAction(async (parse, stop) =>
        {
            using var generator = await LoadGenerator.ConnectAsync(
                parse.GetRequiredValue(url), parse.GetValue(connections), parse.GetValue(customers), parse.GetValue(body), stop);
            foreach (var slice in parse.GetRequiredValue(slices).Split(',').Select(Slice.Parse))
            {
                Console.WriteLine(JsonSerializer.Serialize(await generator.RunAsync(slice, stop)));
            }
        });
        return command;
    }
}
