namespace CioOrleans.Silo.Hosting;

/// <summary>Lets a front-end that starts before the silos wait for them.</summary>
internal sealed partial class PatientConnection(TimeProvider time, ILogger<PatientConnection> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNoSilo(logger, exception.Message);
        await Task.Delay(_pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "No silo can be reached yet ({Reason}); trying again in a second.")]
    private static partial void LogNoSilo(ILogger logger, string reason);
}
