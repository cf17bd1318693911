using Microsoft.Extensions.Logging;

namespace CioOrleans.Grains;

/// <summary>
/// Learns the secret of the grain keys from the silos, in a client of a cluster: before the client has started, and every <see cref="Every"/> from then on, because the silos that
/// it finds after a time without any may have another database.
/// </summary>
internal sealed partial class GrainKeyReader(IGrainFactory grains, GrainKeys keys, TimeProvider time, ILogger<GrainKeyReader> logger)
    : ILifecycleParticipant<IClusterClientLifecycle>, IDisposable
{
    /// <summary>The time between two questions.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait at the start, once a silo was reached.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A client sends the calls of one key through one silo, which may hang: so the next question bears another key.</summary>
    private const int Keys = 16;

    private readonly CancellationTokenSource _stopping = new();
    private Task _asking = Task.CompletedTask;
    private int _key;

    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(nameof(GrainKeyReader), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    /// <summary>Waits for the secret.</summary>
    /// <exception cref="IOException">No silo has told it within <see cref="Patience"/>.</exception>
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
            while (true)
            {
                await Task.Delay(Every, time, _stopping.Token);
                if (await AskAsync() is { } failure)
                {
                    // The secret that is known is most likely still right. Where it is not, grains refuse its keys.
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
            var secret = await grains.GetGrain<IGrainKeyGrain>(_key++ % Keys).Read();
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
