namespace CioOrleans.Configuration;

/// <summary>How the front-end takes calls.</summary>
/// <param name="DefaultWorkspace">Whose calls those without credentials are, such as delivery metrics (default: the only workspace; null where there are several).</param>
/// <param name="MaxBodyBytes">Larger bodies are refused with 413; 1,024 to 33,554,432 (default: 1,048,576).</param>
public sealed record ApiSettings(string? DefaultWorkspace, int MaxBodyBytes);
