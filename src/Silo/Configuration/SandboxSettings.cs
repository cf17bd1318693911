namespace CioOrleans.Silo.Configuration;

/// <summary>The simulated Customer.io.</summary>
/// <param name="Enabled">Whether it runs in this process (default: true for the demo, otherwise false).</param>
/// <param name="Url">The address that it listens on and the demo workspace sends to (default: <c>http://127.0.0.1:5081</c>).</param>
public sealed record SandboxSettings(bool Enabled, Uri Url);
