namespace CioOrleans.Configuration;

/// <summary>How logs are written; levels stand under the usual <c>Logging</c>.</summary>
/// <param name="Json">One JSON object a line instead of text (default: false).</param>
public sealed record LoggingSettings(bool Json);
