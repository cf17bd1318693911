using CioOrleans.Limits;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class ApiTests
{
    [Fact]
    public void Nothing_is_open_without_credentials_unless_it_is_said() =>
        Assert.Equal(new AnonymousSettings(AnonymousPaths.None, 10_000, new RateLimit(20, TimeSpan.FromSeconds(1))), Read().Anonymous);

    [Theory]
    [InlineData("true", AnonymousPaths.All)]
    [InlineData("False", AnonymousPaths.None)]
    [InlineData("metrics", AnonymousPaths.Metrics)]
    [InlineData("unsubscribe, push/events", AnonymousPaths.Unsubscribe | AnonymousPaths.PushEvents)]
    public void Paths_are_opened_all_or_by_name(string text, AnonymousPaths expected) => Assert.Equal(expected, Read(("AnonymousPaths", text)).Anonymous.Paths);

    [Theory]
    [InlineData("yes")]
    [InlineData("metrics;unsubscribe")]
    [InlineData("true, metrics")]
    [InlineData("/api/v1/events")]
    public void Other_paths_cannot_be_opened(string text) => Assert.Equal(
        [$"Dispatcher:Api:AnonymousPaths = '{text}': expected true, false, or some of 'metrics, push/events, unsubscribe'."], Errors(("AnonymousPaths", text)));

    [Fact]
    public void Cap_rate_and_proxies_are_read()
    {
        var settings = Read(("AnonymousMaxQueued", "160"), ("AnonymousRate", "5/1m"), ("TrustedProxies", "10.0.0.0/8, 192.0.2.7, ::1"));

        Assert.Equal((160, new RateLimit(5, TimeSpan.FromMinutes(1))), (settings.Anonymous.MaxQueued, settings.Anonymous.Rate));
        Assert.Equal(["10.0.0.0/8", "192.0.2.7/32", "::1/128"], settings.TrustedProxies.Select(network => network.ToString()));
    }

    [Fact]
    public void What_cannot_be_read_is_refused() => Assert.Equal(
        [
            "Dispatcher:Api:AnonymousMaxQueued = '1': expected a whole number from 16 to 1000000.",
            "Dispatcher:Api:AnonymousRate = '1/1s, 2/2s': expected permits/window, such as '20/1s'.",
            "Dispatcher:Api:TrustedProxies = '10.0.0.0/33': expected IP addresses or networks with commas between them, such as '10.0.0.0/8, 192.0.2.7'.",
        ],
        Errors(("AnonymousMaxQueued", "1"), ("AnonymousRate", "1/1s, 2/2s"), ("TrustedProxies", "10.0.0.0/33")));

    private static ApiSettings Read(params (string Key, string? Value)[] pairs) => Reading.Valid(InApi(pairs)).Api;

    private static IReadOnlyList<string> Errors(params (string Key, string? Value)[] pairs) => Reading.Errors(InApi(pairs));

    private static (string, string?)[] InApi((string Key, string? Value)[] pairs) => [.. Reading.Acme, .. pairs.Select(pair => ($"Api:{pair.Key}", pair.Value))];
}
