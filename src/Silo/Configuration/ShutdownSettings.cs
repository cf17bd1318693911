namespace CioOrleans.Configuration;

/// <summary>How a process stops that is told to (SIGTERM, Ctrl+C).</summary>
/// <param name="Notice">
/// For so long it goes on as before with <c>/health/ready</c> at 503, so that whoever balances the load sends it nothing more by the time it
/// stops listening. Zero (default) to 5 minutes.
/// </param>
public sealed record ShutdownSettings(TimeSpan Notice);
