using CioOrleans.Configuration;
using CioOrleans.Grains.History;

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

    /// <summary>How refused calls of the Pipelines API are kept.</summary>
    public RefusedCallSettings RefusedCalls { get; init; } = new();

    /// <summary>How the history is kept.</summary>
    public HistorySettings History { get; init; } = new();

    /// <summary>The workspaces by name, exactly as configured; at least one.</summary>
    public required IReadOnlyDictionary<string, WorkspaceSettings> Workspaces { get; init; }

    /// <summary>Whether no workspace is configured, so that <see cref="Workspaces"/> holds only <see cref="DemoWorkspace"/>, which uses the sandbox.</summary>
    public required bool IsDemo { get; init; }
}

/// <summary>The format of the logs. Log levels are in the usual section <c>Logging</c>.</summary>
/// <param name="Json">Whether each line is a JSON object instead of text (default: false).</param>
public sealed record LoggingSettings(bool Json);

/// <summary>The simulated Customer.io.</summary>
/// <param name="Enabled">Whether it runs in this process (default: true for the demo, otherwise false).</param>
/// <param name="Url">The address that it listens on and the demo workspace sends to (default: <c>http://127.0.0.1:5081</c>).</param>
public sealed record SandboxSettings(bool Enabled, Uri Url);

/// <summary>How a process stops after SIGTERM or Ctrl+C.</summary>
/// <param name="Notice">
/// The time for which the process keeps serving while <c>/health/ready</c> answers 503, so that the load balancer stops sending requests before the process
/// stops listening. Zero (default) to 5 minutes.
/// </param>
public sealed record ShutdownSettings(TimeSpan Notice);
