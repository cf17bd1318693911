namespace CioOrleans.Grains.Outbox;

/// <summary>The stored state of a workspace, except for its calls.</summary>
public interface IWorkspaceStateStore
{
    /// <summary>Why an operator has paused the workspace; null if it is not paused.</summary>
    ValueTask<string?> ReadPauseAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Stores a pause; null ends it.</summary>
    ValueTask<WriteResult> WritePauseAsync(string workspace, string? reason);

    /// <summary>The state of the latest replay of the workspace's history; null if there was none.</summary>
    ValueTask<string?> ReadReplayAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Stores the state of the latest replay of the workspace's history.</summary>
    ValueTask<WriteResult> WriteReplayAsync(string workspace, string state);

    /// <summary>The stored progress of an import; null if none was stored.</summary>
    ValueTask<string?> ReadImportAsync(string workspace, Ulid import, CancellationToken cancellation = default);

    /// <summary>
    /// Stores the progress of an import, in place of the earlier one. Deletes the progress of the workspace's other imports whose ids were made before
    /// <paramref name="forgetBefore"/>.
    /// </summary>
    ValueTask<WriteResult> WriteImportAsync(string workspace, Ulid import, string state, DateTimeOffset forgetBefore);

    /// <summary>A secret that all silos on this database share; null if there is none with this name.</summary>
    ValueTask<byte[]?> ReadSecretAsync(string name, CancellationToken cancellation = default);

    /// <summary>Stores a secret under a name that has none; a stored secret is not changed.</summary>
    ValueTask<WriteResult> AddSecretAsync(string name, byte[] value);
}
