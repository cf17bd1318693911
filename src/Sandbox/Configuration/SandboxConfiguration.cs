using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Sandbox.Configuration;

/// <summary>Reads <see cref="SandboxOptions"/> from the section <c>Sandbox</c>.</summary>
public static class SandboxConfiguration
{
    private static readonly SandboxOptions _defaults = new();

    /// <summary>Reads the section. A missing key keeps its default.</summary>
    /// <exception cref="FormatException">A value is wrong; the message names the key, the value and what is allowed, in one line.</exception>
    public static SandboxOptions Read(IConfigurationSection section) => new()
    {
        Url = section["Url"] ?? _defaults.Url,
        SiteId = section["SiteId"],
        ApiKey = section["ApiKey"],
        AppApiKey = section["AppApiKey"],
        PipelinesWriteKey = section["PipelinesWriteKey"],
        Region = section["Region"] ?? _defaults.Region,
        Limits = ReadLimits(section),
        SendRetryAfter = section.GetValue("SendRetryAfter", _defaults.SendRetryAfter),
        SendRateLimitHeaders = section.GetValue("SendRateLimitHeaders", _defaults.SendRateLimitHeaders),
        Latency = ReadLatency(section.GetSection("Latency")),
        Faults = ReadFaults(section.GetSection("Faults")),
        Seed = section.GetValue("Seed", _defaults.Seed),
        ReportWindow = ReadDuration(section, "ReportWindow") ?? _defaults.ReportWindow,
        SettleTime = ReadDuration(section, "SettleTime") ?? _defaults.SettleTime,
        RecordRequests = section.GetValue("RecordRequests", _defaults.RecordRequests),
    };

    private static IReadOnlyList<SandboxLimit> ReadLimits(IConfigurationSection section)
    {
        try
        {
            return SandboxLimit.Parse(section["Limits"] ?? string.Empty);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{section.Path}:Limits: {e.Message}", e);
        }
    }

    private static LatencyDistribution ReadLatency(IConfigurationSection section)
    {
        var min = ReadDuration(section, "Min") ?? TimeSpan.Zero;
        var mean = ReadDuration(section, "Mean") ?? min;
        var max = ReadDuration(section, "Max") ?? mean;
        return min <= mean && mean <= max
            ? LatencyDistribution.Exponential(min, mean, max)
            : throw new FormatException($"{section.Path}: Min, Mean and Max must rise, not {min}, {mean}, {max}");
    }

    private static SandboxFaults ReadFaults(IConfigurationSection section)
    {
        var faults = section.Get<SandboxFaults>() ?? SandboxFaults.None;
        return faults.Error() is { } error ? throw new FormatException($"{section.Path}: {error}") : faults;
    }

    private static TimeSpan? ReadDuration(IConfigurationSection section, string key) => section[key] switch
    {
        null => null,
        var text when Duration.TryParse(text, out var duration) => duration,
        var text => throw new FormatException($"{section.Path}:{key}: '{text}' is no duration; allowed is a number and ms, s, m or h, such as 20ms"),
    };
}
