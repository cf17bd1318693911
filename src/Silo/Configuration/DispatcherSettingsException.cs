using Microsoft.Extensions.Options;

namespace CioOrleans.Silo.Configuration;

/// <summary>Settings of the dispatcher are wrong. The message has a line for each of them: the key, its value unless it may be a secret, and what is allowed.</summary>
/// <param name="errors">At least one line.</param>
public sealed class DispatcherSettingsException(IReadOnlyList<string> errors) : OptionsValidationException(Options.DefaultName, typeof(DispatcherSettings), errors)
{
    /// <summary>One line for each wrong setting.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;

    /// <inheritdoc/>
    public override string Message => string.Join(Environment.NewLine, Errors);

    /// <summary>The lines only: where the exception was thrown tells nothing about the settings.</summary>
    public override string ToString() => Message;
}
