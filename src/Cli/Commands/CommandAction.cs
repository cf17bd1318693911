using System.CommandLine;

namespace CioOrleans.Cli.Commands;

/// <summary>Runs a command. Turns a <see cref="CliException"/> into a message and an exit code, and an interruption into an exit code.</summary>
internal static class CommandAction
{
    public static void SetGuarded(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parse, stop) =>
    {
        try
        {
            return await action(parse, stop);
        }
        catch (CliException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    });
}
