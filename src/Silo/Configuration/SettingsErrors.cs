namespace CioOrleans.Silo.Configuration;

/// <summary>Collects errors in the settings, one line each.</summary>
internal sealed class SettingsErrors
{
    private const int MaxShown = 100;

    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Wrong(string key, string value, string expected) => Add($"{key} = '{Shorten(value)}': expected {expected}.");

    /// <summary>An error that does not show the value, which may be a secret.</summary>
    public void WrongHidden(string key, string expected) => Add($"{key} (value not shown): expected {expected}.");

    public void Missing(string key, string expected) => Add($"{key} is missing: expected {expected}.");

    /// <summary>A setting that has no effect, although the operator expects one.</summary>
    public void Useless(string key, string where, string expected) => Add($"{key} changes nothing {where}: expected {expected}.");

    public void NotASection(string key) => Add($"{key} (value not shown): expected a section with settings in it, not a value.");

    public void NotAValue(string key, string expected) => Add($"{key} is a section: expected {expected}.");

    /// <summary>The value of an unknown key is never shown: the key may be a misspelt one of a secret.</summary>
    public void Unknown(string key, string name, IReadOnlyList<string> known) => Add(
        Spelling.Closest(name, known) is { } close
            ? $"{key} is not a setting: did you mean '{close}'?"
            : $"{key} is not a setting: expected one of {string.Join(", ", known)}.");

    public void Add(string line) => _lines.Add(string.Concat(line.Select(c => char.IsControl(c) ? '?' : c)));

    private static string Shorten(string value) => value.Length <= MaxShown ? value : string.Concat(value.AsSpan(0, MaxShown), "…");
}
