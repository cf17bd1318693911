using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>The decisions that were made when a request arrived.</summary>
/// <param name="At">The moment of the arrival, as the time since the sandbox started.</param>
/// <param name="Wait">Zero if the request is within the limits; otherwise the time until there is room.</param>
/// <param name="Fault">The fault of the request.</param>
/// <param name="Faults">The faults in force at that moment.</param>
/// <param name="Latency">The delay of its answer.</param>
internal readonly record struct Arrival(TimeSpan At, TimeSpan Wait, FaultKind Fault, SandboxFaults Faults, TimeSpan Latency);
