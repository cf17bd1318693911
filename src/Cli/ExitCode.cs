namespace CioOrleans.Cli;

/// <summary>The exit codes of the process. Scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>The command did everything.</summary>
    public const int Done = 0;

    /// <summary>
    /// The command ran, but not everything succeeded: rows were refused, calls became dead letters or stayed in flight, or an id was not found.
    /// </summary>
    public const int SomeRefused = 1;

    /// <summary>The command is wrong, or the file cannot be read. Nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The dispatcher cannot be reached, or cannot accept calls. The same command continues later.</summary>
    public const int Unreachable = 3;

    /// <summary>The dispatcher does not accept the credentials.</summary>
    public const int NotAllowed = 4;

    /// <summary>The record does not tell whether everything was kept.</summary>
    public const int NotJudged = 5;

    /// <summary>The operator interrupted the command. The same command continues.</summary>
    public const int Interrupted = 130;
}
