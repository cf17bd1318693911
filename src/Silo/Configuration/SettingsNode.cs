using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Silo.Configuration;

/// <summary>
/// A section of the configuration that is being read. It records which keys were read, so that every other key in it is reported as a mistake. An empty value
/// counts as not given, because compose files pass on <c>${KEY:-}</c>.
/// </summary>
internal sealed class SettingsNode(IConfigurationSection section, SettingsErrors errors, SettingsCatalog catalog)
{
    private readonly List<string> _known = [];

    public SettingsErrors Errors => errors;

    /// <summary>The names that are given in this section.</summary>
    public IEnumerable<string> GivenNames => section.GetChildren().Where(child => child.Value is not null || child.GetChildren().Any()).Select(child => child.Key);

    /// <summary>The paths of all values that are given in this section and below it, in order.</summary>
    public IEnumerable<string> GivenPaths => section.AsEnumerable().Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => pair.Key).Order(StringComparer.Ordinal);

    public string PathOf(string name) => string.Concat(section.Path, ":", name);

    public SettingsNode Section(string name)
    {
        _known.Add(name);
        return new SettingsNode(section.GetSection(name), errors, catalog);
    }

    /// <summary>The value, or <paramref name="fallback"/> if there is none or it is wrong. A wrong value is also reported as an error.</summary>
    public T Read<T>(string name, SettingFormat<T> format, T fallback)
    {
        Add(name, format, SettingsCatalog.ToText(fallback));
        return TryRead(name, format, out var value) ? value : fallback;
    }

    /// <summary>The value, or null if there is none.</summary>
    public T? ReadOptional<T>(string name, SettingFormat<T> format)
        where T : class
    {
        Add(name, format, SettingsCatalog.None);
        return TryRead(name, format, out var value) ? value : null;
    }

    /// <summary>A value that must be given.</summary>
    public T Require<T>(string name, SettingFormat<T> format, T placeholder)
    {
        Add(name, format, SettingsCatalog.Required);
        if (Raw(name, format.Expected) is null && !section.GetSection(name).GetChildren().Any())
        {
            errors.Missing(PathOf(name), format.Expected);
            return placeholder;
        }

        return TryRead(name, format, out var value) ? value : placeholder;
    }

    /// <summary>The text as it is given, or null if there is none.</summary>
    /// <param name="name">The setting's name in this section.</param>
    /// <param name="expected">The allowed values.</param>
    /// <param name="standard">The default, for the documentation.</param>
    public string? ReadText(string name, string expected, string standard)
    {
        catalog.Add(PathOf(name), expected, standard, section[name], isSecret: false);
        return Raw(name, expected);
    }

    /// <summary>Whether a value is given.</summary>
    public bool IsGiven(string name) => section[name] is { Length: > 0 };

    /// <summary>Reports every key that was not read as a mistake. Call it after all keys have been read.</summary>
    public void RefuseTheRest()
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            errors.NotASection(section.Path);
        }

        foreach (var name in GivenNames.Where(name => !_known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Unknown(PathOf(name), name, _known);
        }
    }

    private void Add<T>(string name, SettingFormat<T> format, string standard)
    {
        var text = section[name];
        catalog.Add(PathOf(name), format.Expected, standard, text, text is not null && format.IsSecret?.Invoke(text) == true);
    }

    private string? Raw(string name, string expected)
    {
        if (!_known.Contains(name))
        {
            _known.Add(name);
            if (section.GetSection(name).GetChildren().Any())
            {
                errors.NotAValue(PathOf(name), expected);
            }
        }

        return section[name] is { Length: > 0 } text ? text : null;
    }

    private bool TryRead<T>(string name, SettingFormat<T> format, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (Raw(name, format.Expected) is not { } text)
        {
            return false;
        }

        if (format.TryParse(text, out value))
        {
            return true;
        }

        if (format.IsSecret?.Invoke(text) == true)
        {
            errors.WrongHidden(PathOf(name), format.Expected);
        }
        else
        {
            errors.Wrong(PathOf(name), text, format.Expected);
        }

        return false;
    }
}
