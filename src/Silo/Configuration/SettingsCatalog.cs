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

/// <summary>Collects all settings while they are read, so that the documentation and the reader name the same settings.</summary>
internal sealed class SettingsCatalog
{
    public const string None = "none";
    public const string Required = "required";

    private const string Root = "Dispatcher:";
    private const string SampleName = "sample";
    private const string AnyName = "<name>";

    private readonly List<SettingEntry> _entries = [];

    public IReadOnlyList<SettingEntry> Entries => _entries;

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

    public void Add(string path, string allowed, string standard) => _entries.Add(new SettingEntry(
        path[(path.StartsWith(Root, StringComparison.Ordinal) ? Root.Length : 0)..].Replace($":{SampleName}:", $":{AnyName}:", StringComparison.Ordinal),
        allowed.Replace(SampleName, AnyName, StringComparison.Ordinal),
        standard));
}
