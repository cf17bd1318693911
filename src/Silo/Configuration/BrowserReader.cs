using System.Diagnostics.CodeAnalysis;
using CioOrleans.Configuration;
using CioOrleans.Customers;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads a workspace's section <c>Pipelines:Browser</c>.</summary>
internal static class BrowserReader
{
    private static readonly SettingFormat<IReadOnlyList<string>> _origins = new(
        "origins with commas between them, such as 'https://www.example.com, https://shop.example.com', or '*'", TryOrigins);

    /// <summary>The settings; null if neither a write key nor origins are given.</summary>
    public static BrowserSettings? Read(SettingsNode pipelines)
    {
        var node = pipelines.Section("Browser");
        var defaults = new BrowserSettings(string.Empty, []);
        var writeKey = node.ReadOptional("WriteKey", SettingFormats.WriteKey);
        var origins = node.ReadOptional("Origins", _origins);
        var browser = defaults with
        {
            WriteKey = writeKey ?? string.Empty,
            Origins = origins ?? [],
            Rate = node.Read("Rate", SettingFormats.Rate, defaults.Rate),
            MaxQueued = node.Read("MaxQueued", SettingFormats.Whole(CustomerKey.BrowserQueues, 1_000_000), defaults.MaxQueued),
        };
        if (node.IsGiven("WriteKey") != node.IsGiven("Origins"))
        {
            node.Errors.Missing(node.PathOf(node.IsGiven("WriteKey") ? "Origins" : "WriteKey"), "WriteKey and Origins together, or neither");
        }

        node.RefuseTheRest();
        pipelines.RefuseTheRest();
        return writeKey is not null && origins is not null ? browser : null;
    }

    private static bool TryOrigins(string text, [MaybeNullWhen(false)] out IReadOnlyList<string> value)
    {
        var origins = new List<string>();
        value = origins;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part == BrowserSettings.AnyOrigin)
            {
                origins.Add(part);
            }
            else if (SettingFormats.Host.TryParse(part, out var uri))
            {
                // As a browser writes it: in lower case, the host in ASCII, without a default port.
                origins.Add(uri.IsDefaultPort ? $"{uri.Scheme}://{uri.IdnHost}" : $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}");
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
