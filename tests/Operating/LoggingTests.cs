using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CioOrleans.Operating.Tests;

public sealed class LoggingTests
{
    [Theory]
    [InlineData("CioOrleans.Grains.Workspaces.WorkspaceGrain", LogLevel.Information)]
    [InlineData("Microsoft.Hosting.Lifetime", LogLevel.Information)]
    [InlineData("Polly", LogLevel.Warning)]
    [InlineData("Orleans.Runtime.Catalog", LogLevel.Warning)]
    [InlineData("Orleans.Runtime.Watchdog", LogLevel.Error)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning)]
    [InlineData("System.Net.Http.HttpClient.customer.io.ClientHandler", LogLevel.Warning)]
    public void What_is_noisy_or_names_customers_is_quiet(string category, LogLevel least)
    {
        using var services = Build(json: false);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.Equal(least != LogLevel.None, logger.IsEnabled(least));
        Assert.False(logger.IsEnabled(least - 1));
    }

    [Fact]
    public void The_configuration_has_the_last_word_on_a_level()
    {
        using var services = Build(json: false, ("Logging:LogLevel:Polly", "Debug"));

        Assert.True(services.GetRequiredService<ILoggerFactory>().CreateLogger("Polly").IsEnabled(LogLevel.Debug));
    }

    [Theory]
    [InlineData(false, ConsoleFormatterNames.Simple)]
    [InlineData(true, ConsoleFormatterNames.Json)]
    public void The_log_is_text_or_JSON_and_carries_no_scopes(bool json, string formatter)
    {
        using var services = Build(json);

        Assert.Equal(RedactedFormatter.FormatterName, services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        Assert.Equal(formatter, services.GetRequiredService<IOptions<RedactedFormatterOptions>>().Value.Inner);
        Assert.False(services.GetRequiredService<IOptions<JsonConsoleFormatterOptions>>().Value.IncludeScopes);
        Assert.False(services.GetRequiredService<IOptions<SimpleConsoleFormatterOptions>>().Value.IncludeScopes);
    }

    private static ServiceProvider Build(bool json, params (string Key, string Value)[] configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.AddDispatcherObservability(new LoggingSettings(json));
        return builder.Services.BuildServiceProvider();
    }
}
