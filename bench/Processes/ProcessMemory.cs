using System.Globalization;

namespace CioOrleans.Bench.Processes;

/// <summary>What a process occupies, in MB (1024 x 1024 bytes), as the kernel counts it.</summary>
/// <param name="Resident">At the moment (VmRSS).</param>
/// <param name="Peak">The most so far (VmHWM).</param>
internal sealed record ProcessMemory(double Resident, double Peak)
{
    public static ProcessMemory Of(int processId)
    {
        var lines = File.ReadAllLines($"/proc/{processId}/status");
        return new ProcessMemory(Read(lines, "VmRSS:"), Read(lines, "VmHWM:"));
    }

    private static double Read(string[] lines, string key)
    {
        var line = lines.Single(l => l.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
