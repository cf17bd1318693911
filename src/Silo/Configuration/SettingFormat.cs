using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Configuration;

/// <summary>The text form of one kind of setting.</summary>
/// <param name="Expected">What is allowed, in words that go on after "expected".</param>
/// <param name="TryParse">Reads the text; false when it is not allowed.</param>
/// <param name="IsSecret">The text must not be shown.</param>
internal sealed record SettingFormat<T>(string Expected, SettingFormat<T>.Parser TryParse, bool IsSecret = false)
{
    public delegate bool Parser(string text, [MaybeNullWhen(false)] out T value);
}
