namespace CioOrleans.Silo.Configuration;

/// <summary>Settings of the dispatcher are wrong. The message has a line for each of them: the key, its value unless it may be a secret, and what is allowed.</summary>
/// <param name="errors">At least one line.</param>
public sealed class DispatcherSettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One line for each wrong setting.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;

    /// <summary>The lines only: where the exception was thrown tells nothing about the settings.</summary>
    public override string ToString() => Message;
}
