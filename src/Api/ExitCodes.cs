namespace CioOrleans.Api;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>It was told to stop.</summary>
    public const int Stopped = 0;

    /// <summary>A file or a port is taken, or cannot be used.</summary>
    public const int CannotStart = 1;

    /// <summary>A setting is wrong; each stands in a line of its own on standard error.</summary>
    public const int WrongSettings = 2;
}
