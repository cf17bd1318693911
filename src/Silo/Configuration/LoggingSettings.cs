namespace CioOrleans.Silo.Configuration;

/// <summary>The format of the logs. Log levels are in the usual section <c>Logging</c>.</summary>
/// <param name="Json">Whether each line is a JSON object instead of text (default: false).</param>
public sealed record LoggingSettings(bool Json);
