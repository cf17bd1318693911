namespace CioOrleans.Configuration;

/// <summary>The simulated Customer.io beside the dispatcher.</summary>
/// <param name="Enabled">It runs inside this process (default: true for the demo, otherwise false).</param>
/// <param name="Url">Where it listens, and what the demo workspace sends to (default: <c>http://127.0.0.1:5081</c>).</param>
public sealed record SandboxSettings(bool Enabled, Uri Url);
