using System.Globalization;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>A row of the documentation's table of settings.</summary>
/// <param name="Path">The path below <c>Dispatcher</c>; a name that the operator chooses is written <c>&lt;name&gt;</c>.</param>
/// <param name="Allowed">The allowed values, in the words of the error for a wrong value.</param>
/// <param name="Default">The value if the setting is not given.</param>
internal sealed record SettingEntry(string Path, string Allowed, string Default);

/// <summary>A setting as it was read.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Path">The path of its <see cref="SettingEntry"/>.</param>
/// <param name="Text">The text that is given; null if none is, and for a secret.</param>
/// <param name="IsSecret">Whether a text is given that may be a secret.</param>
/// <param name="Default">The value if the setting is not given.</param>
internal sealed record SettingText(string Key, string Path, string? Text, bool IsSecret, string Default);

/// <summary>Collects all settings while they are read, so that the documentation and the reader name the same settings.</summary>
internal sealed class SettingsCatalog
{
    public const string None = "none";
    public const string Required = "required";

    private const string Root = "Dispatcher:";
    private const string SampleName = "sample";
    private const string AnyName = "<name>";

    private readonly List<SettingEntry> _entries = [];

    private readonly List<SettingText> _texts = [];

    public IReadOnlyList<SettingEntry> Entries => _entries;

    /// <summary>The texts of the settings. A secret is not kept.</summary>
    public IReadOnlyList<SettingText> Texts => _texts;

    /// <summary>All settings, in the order in which they are read.</summary>
    public static SettingsCatalog Read()
    {
        var catalog = new SettingsCatalog();
        var sample = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{Root}Workspaces:{SampleName}:SiteId"] = SampleName,
            [$"{Root}Workspaces:{SampleName}:ApiKey"] = SampleName,
            [$"{Root}Admin:Keys:{SampleName}:Key"] = SampleName,
        });
        DispatcherSettingsReader.Read(sample.Build(), catalog);
        return catalog;
    }

    public static string ToText<T>(T value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan duration => DurationText.Format(duration),
        RateLimit limit => RateLimitParser.Format([limit]),
        Limits.LimitClass limitClass => Limits.LimitClassNames.ToName(limitClass),
        Uri url => url.GetLeftPart(UriPartial.Authority),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? None,
    };

    public void Add(string path, string allowed, string standard, string? text, bool isSecret)
    {
        var below = path[(path.StartsWith(Root, StringComparison.Ordinal) ? Root.Length : 0)..];
        _entries.Add(new SettingEntry(below.Replace($":{SampleName}:", $":{AnyName}:", StringComparison.Ordinal), allowed.Replace(SampleName, AnyName, StringComparison.Ordinal), standard));
        var isGiven = !string.IsNullOrEmpty(text);
        _texts.Add(new SettingText(path, WithoutName(below), isGiven && !isSecret ? text : null, isGiven && isSecret, standard));
    }

    /// <summary>The path of a setting's entry: a workspace's and a key's name are chosen by the operator.</summary>
    private static string WithoutName(string path) => path.Split(':') switch
    {
        ["Workspaces", _, .. var rest] => $"Workspaces:{AnyName}:{string.Join(':', rest)}",
        ["Admin", "Keys", _, .. var rest] => $"Admin:Keys:{AnyName}:{string.Join(':', rest)}",
        _ => path,
    };
}
