namespace CioOrleans.Silo.Configuration;

/// <summary>The result of reading the settings.</summary>
public abstract record SettingsResult
{
    private SettingsResult()
    {
    }

    /// <summary>Every setting is valid.</summary>
    public sealed record Valid(DispatcherSettings Settings) : SettingsResult;

    /// <summary>The process must not start.</summary>
    /// <param name="Errors">One line each: the key, its value unless it may be a secret, and what is allowed. At least one.</param>
    public sealed record Invalid(IReadOnlyList<string> Errors) : SettingsResult;
}
