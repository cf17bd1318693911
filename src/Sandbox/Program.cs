using System.Runtime.InteropServices;
using CioOrleans.Sandbox.Configuration;

namespace CioOrleans.Sandbox;

/// <summary>Runs the sandbox as a process. It reads its settings from appsettings.json, the environment and the command line, under <c>Sandbox</c>.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args)
            .Build();
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOn);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOn);

        try
        {
            await using var server = await SandboxServer.StartAsync(SandboxConfiguration.Read(configuration.GetSection("Sandbox")));
            Console.WriteLine($"Customer.io sandbox on {server.Url}, its report on {new Uri(server.Url, "/sandbox")}");
            await stop.Task;
            return 0;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        void StopOn(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
