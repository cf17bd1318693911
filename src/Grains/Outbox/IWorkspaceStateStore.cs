namespace CioOrleans.Outbox;

/// <summary>What must survive restarts about a workspace, its calls aside.</summary>
public interface IWorkspaceStateStore
{
    /// <summary>Why an operator has paused the workspace; null when it is not paused.</summary>
    ValueTask<string?> ReadPauseAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Stores a pause, or its end with null.</summary>
    ValueTask<WriteResult> WritePauseAsync(string workspace, string? reason);

    /// <summary>How far an import had come when that was last stored; null where it never was.</summary>
    ValueTask<string?> ReadImportAsync(string workspace, Ulid import, CancellationToken cancellation = default);

    /// <summary>
    /// Stores how far an import has come, in place of what was stored before. Forgets the workspace's other imports whose ids were made before
    /// <paramref name="forgetBefore"/>.
    /// </summary>
    ValueTask<WriteResult> WriteImportAsync(string workspace, Ulid import, string state, DateTimeOffset forgetBefore);

    /// <summary>A key that all silos on this database share; null where it was not made yet.</summary>
    ValueTask<byte[]?> ReadSecretAsync(string name, CancellationToken cancellation = default);

    /// <summary>Stores a key under a name that has none; a key that is there already stays.</summary>
    ValueTask<WriteResult> AddSecretAsync(string name, byte[] value);
}
