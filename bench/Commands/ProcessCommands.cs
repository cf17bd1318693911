using System.CommandLine;
using System.Text.Json;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Server;

namespace CioOrleans.Bench.Commands;

/// <summary>What the bench starts of itself as processes of their own; hidden from people.</summary>
internal static class ProcessCommands
{
    public static IEnumerable<Command> All => [Serve(), Load(), Attacker()];

    private static Command Serve()
    {
        var command = new Command("serve", "The dispatcher with the endpoint that does nothing in front.") { Hidden = true };
        command.SetAction(_ => BenchServer.RunAsync());
        return command;
    }

    private static Command Attacker()
    {
        var name = new Option<string>("--attack") { Required = true };
        var rate = new Option<int>("--rate");
        var port = new Option<int>("--port");
        var seconds = new Option<double>("--seconds");
        var command = new Command("attacker", "Sends one attack.") { name, rate, port, seconds };
        command.Hidden = true;
        command.SetAction(async (parse, stop) =>
        {
            var attack = Attack.All.FirstOrDefault(attack => attack.Name == parse.GetRequiredValue(name)) ?? Attack.Harmless(parse.GetValue(rate));
            attack.Request(0);
            System.Console.WriteLine("ready");
            System.Console.WriteLine(await AttackGenerator.RunAsync(attack, parse.GetValue(port), TimeSpan.FromSeconds(parse.GetValue(seconds)), stop));
        });
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
                System.Console.WriteLine(JsonSerializer.Serialize(await generator.RunAsync(slice, stop)));
            }
        });
        return command;
    }
}
