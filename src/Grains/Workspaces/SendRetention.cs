using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Workspaces;

/// <summary>Forgets a workspace's kept answers and keys of sends once they are old, a slice at a time, so that no commit takes long.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="workspace">The name of the workspace.</param>
/// <param name="keep">How long they are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class SendRetention(ISendResultStore store, string workspace, TimeSpan keep, TimeProvider time)
{
    private const int Slice = 500;

    /// <summary>Removes everything that is due.</summary>
    /// <exception cref="IOException">The store cannot be written at the moment.</exception>
    public async Task ForgetAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - keep;
        while (await store.ForgetSendsAsync(workspace, before, Slice))
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
