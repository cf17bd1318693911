namespace CioOrleans.Silo.Configuration;

/// <summary>How a process stops after SIGTERM or Ctrl+C.</summary>
/// <param name="Notice">
/// The time for which the process keeps serving while <c>/health/ready</c> answers 503, so that the load balancer stops sending requests before the process
/// stops listening. Zero (default) to 5 minutes.
/// </param>
public sealed record ShutdownSettings(TimeSpan Notice);
