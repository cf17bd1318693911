namespace CioOrleans.Cli;

/// <summary>Ends the command with an exit code. The message says what is wrong and what to do next.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
