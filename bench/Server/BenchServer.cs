using CioOrleans.Api;
using CioOrleans.Silo.Hosting;

namespace CioOrleans.Bench.Server;

/// <summary>The product's own process with <see cref="NothingEndpoint"/> put in front.</summary>
internal static class BenchServer
{
    public static async Task<int> RunAsync()
    {
        var builder = ProcessStart.CreateBuilder([]);
        return ProcessStart.ReadSettings(builder.Configuration) is { } settings
            ? await ProcessStart.RunAsync(DispatcherApp.Build(builder, settings, app => app.UseMiddleware<NothingEndpoint>()))
            : ProcessStart.WrongSettings;
    }
}
