using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Sandbox.Configuration;

public sealed class SandboxConfigurationTests
{
    [Fact]
    public void An_empty_section_gives_the_defaults()
    {
        var options = Read();

        Assert.Equal(new SandboxOptions { Limits = options.Limits }, options);
        Assert.Empty(options.Limits);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var options = Read(
            ("Url", "http://127.0.0.1:1"), ("SiteId", "s"), ("ApiKey", "k"), ("Region", "eu"), ("Limits", "identify,track=100/1s"),
            ("SendRetryAfter", "true"), ("SendRateLimitHeaders", "true"), ("Latency:Min", "10ms"), ("Latency:Mean", "20ms"),
            ("Latency:Max", "60ms"), ("Faults:ServerError", "0.05"), ("Faults:Outage", "TimeOut"), ("Seed", "7"), ("ReportWindow", "3s"),
            ("RecordRequests", "10"), ("SettleTime", "2s"));

        var expected = new SandboxOptions
        {
            Url = "http://127.0.0.1:1",
            SiteId = "s",
            ApiKey = "k",
            Region = "eu",
            Limits = options.Limits,
            SendRetryAfter = true,
            SendRateLimitHeaders = true,
            Latency = LatencyDistribution.Exponential(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60)),
            Faults = new SandboxFaults { ServerError = 0.05, Outage = Outage.TimeOut },
            Seed = 7,
            ReportWindow = TimeSpan.FromSeconds(3),
            RecordRequests = 10,
            SettleTime = TimeSpan.FromSeconds(2),
        };
        Assert.Equal(expected, options);
        Assert.Equal("identify,track", Assert.Single(options.Limits).Name);
    }

    [Fact]
    public void A_single_latency_is_constant() =>
        Assert.Equal(LatencyDistribution.Constant(TimeSpan.FromMilliseconds(5)), Read(("Latency:Min", "5ms")).Latency);

    [Theory]
    [InlineData("Limits", "x=1/1s", "Sandbox:Limits: 'x=1/1s' is no limit")]
    [InlineData("Latency:Min", "5", "Sandbox:Latency:Min: '5' is no duration; allowed is a number and ms, s, m or h, such as 20ms")]
    [InlineData("Latency:Max", "-5ms", "Sandbox:Latency:Max: '-5ms' is no duration; allowed is a number and ms, s, m or h, such as 20ms")]
    [InlineData("Faults:Reset", "2", "Sandbox:Faults: every share must lie between 0 and 1")]
    [InlineData("ReportWindow", "0", "Sandbox:ReportWindow: '0' is no duration")]
    public void A_wrong_value_is_named_with_its_key(string key, string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    private static SandboxOptions Read(params (string Key, string Value)[] settings) => SandboxConfiguration.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>($"Sandbox:{s.Key}", s.Value)))
            .Build()
            .GetSection("Sandbox"));
}
