namespace CioOrleans.Testing.Network;

/// <summary>Everything on 127.0.0.1, told apart by ports.</summary>
/// <param name="cannotCutReason">Why there is no better network.</param>
public sealed class LoopbackNetwork(string cannotCutReason) : IClusterNetwork
{
    private const string Loopback = "127.0.0.1";

    public string DatabaseAddress => Loopback;

    public string SandboxAddress => Loopback;

    public string CannotCutReason => cannotCutReason;

    public Task<SiloPlace> AddSiloAsync(int number) =>
        Task.FromResult(new SiloPlace(Loopback, FreePort.Next(), FreePort.Next(), FreePort.Next(), []));

    public Task CutAsync(string address, string otherAddress) => throw new InvalidOperationException(cannotCutReason);

    public Task MendAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
