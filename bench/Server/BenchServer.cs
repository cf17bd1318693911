using CioOrleans.Api;
using CioOrleans.Configuration;

namespace CioOrleans.Bench.Server;

/// <summary>The product's own process with <see cref="NothingEndpoint"/> put in front.</summary>
internal static class BenchServer
{
    public static async Task RunAsync(CancellationToken stop)
    {
        var builder = WebApplication.CreateBuilder();
        var settings = DispatcherSettingsReader.Read(builder.Configuration) switch
        {
            SettingsResult.Valid valid => valid.Settings,
            SettingsResult.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Errors)),
            _ => throw new InvalidOperationException("The settings are neither valid nor invalid."),
        };
        builder.AddDispatcher(settings);
        var app = builder.Build();
        app.UseMiddleware<NothingEndpoint>();
        app.MapDispatcher();
        await app.StartAsync(stop);
        await app.WaitForShutdownAsync(stop);
    }
}
