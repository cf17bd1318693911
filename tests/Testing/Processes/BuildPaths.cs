using System.Reflection;

namespace CioOrleans.Testing.Processes;

/// <summary>Where the build puts the processes that tests and benchmarks run. The project that runs one makes sure that it is built.</summary>
public static class BuildPaths
{
    /// <summary>
    /// The folder that deploy/publish.sh wrote, from the environment; null for what the build left in the projects' folders. What is published is compiled
    /// ahead, so its processes start with less processor time.
    /// </summary>
    private static readonly string? _published = Environment.GetEnvironmentVariable("CIO_PUBLISHED");

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = Read(nameof(Repository));

    /// <summary>The front-end, with a silo inside it by default.</summary>
    public static string ApiAssembly { get; } = Program("src/Api", "CioOrleans.Api");

    /// <summary>The silo.</summary>
    public static string SiloAssembly { get; } = Program("src/Silo", "CioOrleans.Silo");

    /// <summary>The command line.</summary>
    public static string CliAssembly { get; } = Program("src/Cli", "cioctl");

    /// <summary>The simulated Customer.io.</summary>
    public static string SandboxAssembly { get; } = Program("src/Sandbox", "CioOrleans.Sandbox");

    /// <summary>The sample of a service that hosts the dispatcher.</summary>
    public static string ShopAssembly { get; } = Assembly("samples/CoHosted", "CioOrleans.Samples.CoHosted");

    /// <summary>The sample of a service that is a client of a cluster.</summary>
    public static string ClientSampleAssembly { get; } = Assembly("samples/Client", "CioOrleans.Samples.Client");

    /// <summary>The sample that runs a cluster under Aspire.</summary>
    public static string AppHostAssembly { get; } = Assembly("samples/AppHost", "CioOrleans.Samples.AppHost");

    /// <summary>The benchmarks.</summary>
    public static string BenchAssembly { get; } = Assembly("bench", "CioOrleans.Bench");

    /// <summary>The scripts for Customer.io's Node SDKs.</summary>
    public static string NodeFolder { get; } = Path.Combine(Repository, "tests", "EndToEnd", "node");

    private static string Program(string project, string name) => _published is null
        ? Assembly(project, name)
        : Path.Combine(_published, Path.GetFileName(project).ToLowerInvariant(), $"{name}.dll");

    private static string Assembly(string project, string name) => Path.Combine(Repository, project, "bin", Read("Output"), $"{name}.dll");

    private static string Read(string key) =>
        typeof(BuildPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
