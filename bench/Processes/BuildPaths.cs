using System.Reflection;

namespace CioOrleans.Bench.Processes;

/// <summary>Where the build has put what is run.</summary>
internal static class BuildPaths
{
    public static string ApiAssembly { get; } = Read(nameof(ApiAssembly));

    public static string SiloAssembly { get; } = Read(nameof(SiloAssembly));

    public static string CliAssembly { get; } = Read(nameof(CliAssembly));

    public static string SandboxAssembly { get; } = Read(nameof(SandboxAssembly));

    public static string BenchAssembly { get; } = typeof(BuildPaths).Assembly.Location;

    private static string Read(string key) =>
        typeof(BuildPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
