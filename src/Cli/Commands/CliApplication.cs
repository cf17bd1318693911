using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace CioOrleans.Cli.Commands;

/// <summary>Parses and runs the command line.</summary>
internal static class CliApplication
{
    /// <summary>
    /// How long an interrupted command may run on. An interrupted import waits for the answer to the part that it has sent, so that it knows where to
    /// continue.
    /// </summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync($"See: cioctl {string.Join(' ', Names(parsed.CommandResult))}--help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = _patience });
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Imports people from a file into Customer.io through the dispatcher, and operates the dispatcher.")
        {
            ImportCommand.Create(),
            StatusCommand.Create(),
            ClusterCommand.Create(),
            SettingsCommand.Create(),
            QueuesCommand.Create(),
            DeadLettersCommand.Create(),
            HeldCommand.Create(),
            SettleCommand.Replay(),
            SettleCommand.Discard(),
            DiscardCallsCommand.Create(),
            RefusedCommand.Create(),
            HistoryCommand.Create(),
            VerifyCommand.Create(),
            PauseCommand.Pause(),
            PauseCommand.Resume(),
        };
        root.SetAction(_ => root.Parse(["--help"]).Invoke());
        return root;
    }

    private static IEnumerable<string> Names(CommandResult command) => command.Parent is CommandResult ? [command.Command.Name + " "] : [];
}
