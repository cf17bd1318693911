using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Silo.Configuration;

/// <summary>The text form of one kind of setting.</summary>
/// <param name="Expected">The allowed values, as a phrase that follows "expected".</param>
/// <param name="TryParse">Parses the text; false if it is not allowed.</param>
/// <param name="IsSecret">Whether a text that is not allowed may be a secret and must not be shown; null if no text is a secret.</param>
internal sealed record SettingFormat<T>(string Expected, SettingFormat<T>.Parser TryParse, Predicate<string>? IsSecret = null)
{
    public delegate bool Parser(string text, [MaybeNullWhen(false)] out T value);
}
