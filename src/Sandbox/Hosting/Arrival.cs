using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>What was decided when a request arrived.</summary>
/// <param name="At">The moment, since the sandbox started.</param>
/// <param name="Wait">Zero when it is within the limits; otherwise how long until there is room.</param>
/// <param name="Fault">What goes wrong with it.</param>
/// <param name="Faults">The faults in force at that moment.</param>
/// <param name="Latency">How long its answer takes.</param>
internal readonly record struct Arrival(TimeSpan At, TimeSpan Wait, FaultKind Fault, SandboxFaults Faults, TimeSpan Latency);
