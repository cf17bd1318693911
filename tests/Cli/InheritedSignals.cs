using System.Globalization;

namespace CioOrleans.Cli.Tests;

/// <summary>
/// A shell without job control starts what it puts in the background with SIGINT ignored, and everything below inherits that: such a
/// process must not be interrupted by Ctrl-C, and no child of this one can be.
/// </summary>
internal static class InheritedSignals
{
    private const string Status = "/proc/self/status";
    private const string Field = "SigIgn:";
    private const int Interrupt = 2;

    public static bool IgnoreInterrupt => File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
        && (ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Interrupt - 1))) != 0;
}
