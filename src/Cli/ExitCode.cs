namespace CioOrleans.Cli;

/// <summary>What the process ends with. Scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Done = 0;

    /// <summary>All was tried, and something was refused: rows of an import, or there is no such dead letter.</summary>
    public const int SomeRefused = 1;

    /// <summary>The command is wrong, or the file cannot be read: nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The dispatcher cannot be reached, or cannot take calls: the same command goes on later.</summary>
    public const int Unreachable = 3;

    /// <summary>The dispatcher does not accept the credentials.</summary>
    public const int NotAllowed = 4;

    /// <summary>Interrupted by the user: the same command goes on.</summary>
    public const int Interrupted = 130;
}
