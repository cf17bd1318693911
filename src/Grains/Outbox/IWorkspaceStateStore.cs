namespace CioOrleans.Outbox;

/// <summary>What an operator decided about a workspace and must survive restarts.</summary>
public interface IWorkspaceStateStore
{
    /// <summary>Why an operator has paused the workspace; null when it is not paused.</summary>
    ValueTask<string?> ReadPauseAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Stores a pause, or its end with null.</summary>
    ValueTask<WriteResult> WritePauseAsync(string workspace, string? reason);
}
