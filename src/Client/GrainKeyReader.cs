using CioOrleans.Addressing;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Client;

/// <summary>
/// Reads the secret of the grain keys from the silos, in a client of a cluster: before the client has started, and then every <see cref="Every"/>. The silos
/// that a client finds after a full stop of the cluster may use another database.
/// </summary>
internal sealed partial class GrainKeyReader(IGrainFactory grains, GrainKeys keys, TimeProvider time, ILogger<GrainKeyReader> logger)
    : ILifecycleParticipant<IClusterClientLifecycle>, IDisposable
{
    /// <summary>The time between two reads.</summary>
    public static readonly TimeSpan Every = WrongGrainKeyException.RetryAfter;

    /// <summary>The time limit of the first read, which starts once the client has reached a silo.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private Task _asking = Task.CompletedTask;
    private int _turn;

    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(nameof(GrainKeyReader), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    /// <summary>Waits until the secret was read.</summary>
    /// <exception cref="IOException">No silo has returned the secret within <see cref="Patience"/>.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (await AskAsync() is { } failure)
        {
            if (time.GetElapsedTime(began) > Patience)
            {
                throw new IOException($"No silo has told the secret of the grain keys within {Patience.TotalSeconds:0} s ({failure.Message}). Start silos of this version first.");
            }

            await Task.Delay(_pause, time, cancellation);
        }

        _asking = Task.Run(AskForEverAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await _asking.WaitAsync(cancellation);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task AskForEverAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(Every, time, _stopping.Token);
                if (await AskAsync() is { } failure)
                {
                    // The secret in use is most likely still right. If it is not, grains refuse its keys.
                    LogNotRead(logger, failure.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task<Exception?> AskAsync()
    {
        try
        {
            var secret = await grains.GetInTurn<IGrainKeyGrain>(ref _turn).Read();
            keys.Use(secret.AsSpan());
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The secret of the grain keys could not be read again ({Reason}).")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
