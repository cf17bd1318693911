using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Configuration;

/// <summary>The text form of one kind of setting.</summary>
/// <param name="Expected">What is allowed, in words that go on after "expected".</param>
/// <param name="TryParse">Reads the text; false when it is not allowed.</param>
/// <param name="IsSecret">Whether a text that is not allowed may be a secret, and so must not be shown; null where none is.</param>
internal sealed record SettingFormat<T>(string Expected, SettingFormat<T>.Parser TryParse, Predicate<string>? IsSecret = null)
{
    public delegate bool Parser(string text, [MaybeNullWhen(false)] out T value);
}
