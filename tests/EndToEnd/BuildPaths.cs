using System.Reflection;

namespace CioOrleans.EndToEnd;

/// <summary>Where the build has put what the tests run.</summary>
internal static class BuildPaths
{
    public static string ApiAssembly { get; } = Read(nameof(ApiAssembly));

    public static string SiloAssembly { get; } = Read(nameof(SiloAssembly));

    public static string NodeFolder { get; } = Read(nameof(NodeFolder));

    private static string Read(string key) =>
        typeof(BuildPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
