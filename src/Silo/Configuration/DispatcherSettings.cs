namespace CioOrleans.Configuration;

/// <summary>Everything that stands under <c>Dispatcher</c> in the configuration, validated. Immutable.</summary>
public sealed record DispatcherSettings
{
    public required StorageSettings Storage { get; init; }

    public required ClusterSettings Cluster { get; init; }

    public required AdminSettings Admin { get; init; }

    public required ApiSettings Api { get; init; }

    public required SandboxSettings Sandbox { get; init; }

    public required LoggingSettings Logging { get; init; }

    public required ShutdownSettings Shutdown { get; init; }

    /// <summary>By name, exactly as configured; at least one.</summary>
    public required IReadOnlyDictionary<string, WorkspaceSettings> Workspaces { get; init; }

    /// <summary>No workspace is configured: <see cref="Workspaces"/> holds only <see cref="DemoWorkspace"/>, which talks to the sandbox.</summary>
    public required bool IsDemo { get; init; }
}
