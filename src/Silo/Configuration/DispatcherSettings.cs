using CioOrleans.Configuration;

namespace CioOrleans.Silo.Configuration;

/// <summary>All settings under <c>Dispatcher</c> in the configuration, validated. Immutable.</summary>
public sealed record DispatcherSettings
{
    public required StorageSettings Storage { get; init; }

    public required ClusterSettings Cluster { get; init; }

    public required AdminSettings Admin { get; init; }

    public required ApiSettings Api { get; init; }

    public required SandboxSettings Sandbox { get; init; }

    public required LoggingSettings Logging { get; init; }

    public required ShutdownSettings Shutdown { get; init; }

    /// <summary>The workspaces by name, exactly as configured; at least one.</summary>
    public required IReadOnlyDictionary<string, WorkspaceSettings> Workspaces { get; init; }

    /// <summary>Whether no workspace is configured, so that <see cref="Workspaces"/> holds only <see cref="DemoWorkspace"/>, which uses the sandbox.</summary>
    public required bool IsDemo { get; init; }
}
