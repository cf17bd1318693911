using System.CommandLine;
using CioOrleans.Bench.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 160;
}

var root = new RootCommand("Measures the figures that this project has to reach, each beside its baseline. Traffic stays on this machine.");
foreach (var command in ScenarioCommands.All.Concat(ProcessCommands.All))
{
    root.Subcommands.Add(command);
}

root.SetAction(_ => root.Parse(["--help"]).Invoke());
return await root.Parse(args).InvokeAsync();
