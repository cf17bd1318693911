using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace CioOrleans.Silo.Observability;

/// <summary>The log on the console.</summary>
internal static class ConsoleLogging
{
    // Orleans and Polly log every activation and state change; the HTTP client, YARP and ASP.NET log every URL, and so every customer.
    // The watchdog of Orleans logs a false warning at each start.
    private static readonly (string Category, LogLevel Level)[] _quiet =
    [
        ("Polly", LogLevel.Warning),
        ("Orleans", LogLevel.Warning),
        ("Orleans.Runtime.Watchdog", LogLevel.Error),
        ("Microsoft.Orleans", LogLevel.Warning),

        // The base class of a grain service logs its range of the ring, which has no meaning here.
        ("CioOrleans.Silo.Members.SiloAgent", LogLevel.Warning),
        ("Microsoft.AspNetCore", LogLevel.Warning),

        // It says nothing at these levels, but makes an activity and a scope for each request as long as it may say anything. With traces it makes them all the same.
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
        ("System.Net.Http.HttpClient", LogLevel.Warning),

        // It also warns about each caller that disconnects. The forwarder logs what concerns Customer.io.
        ("Yarp", LogLevel.Error),
    ];

    public static void AddDispatcherConsole(this ILoggingBuilder logging, LoggingSettings settings)
    {
        logging.ClearProviders();
        if (settings.Json)
        {
            logging.AddJsonConsole(options => Format(options, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                Format(options, "yyyy-MM-ddTHH:mm:ss.fffZ ");
                options.SingleLine = true;
            });
        }

        logging.AddConsoleFormatter<RedactedFormatter, RedactedFormatterOptions>(
            options => options.Inner = settings.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.FormatterName = RedactedFormatter.FormatterName);
        logging.Services.RemoveAll<ILoggerProvider>();
        logging.Services.AddSingleton<ConsoleLoggerProvider>();
        logging.Services.AddSingleton<ILoggerProvider>(provider =>
            new CountingConsole(provider.GetRequiredService<ConsoleLoggerProvider>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));

        // Inserted before the rules from the configuration, so that those win for the same category.
        logging.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            for (var i = 0; i < _quiet.Length; i++)
            {
                filters.Rules.Insert(i, new LoggerFilterRule(null, _quiet[i].Category, _quiet[i].Level, null));
            }
        });
    }

    /// <summary>Scopes are off, because ASP.NET's scopes hold the path and so the customer.</summary>
    private static void Format(ConsoleFormatterOptions options, string timestamp)
    {
        options.IncludeScopes = false;
        options.UseUtcTimestamp = true;
        options.TimestampFormat = timestamp;
    }
}
