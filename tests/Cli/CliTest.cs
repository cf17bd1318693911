using System.Globalization;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;
using CioOrleans.Testing.Processes;

namespace CioOrleans.Cli.Tests;

/// <summary>A sandbox, a dispatcher of its own in front of it, and a folder for files.</summary>
public abstract class CliTest : IAsyncLifetime
{
    internal DataFolder Data { get; } = new();

    internal SandboxServer Sandbox { get; private set; } = null!;

    internal Dispatcher Dispatcher { get; private set; } = null!;

    protected virtual string OnDeadLetter => "Continue";

    public async ValueTask InitializeAsync()
    {
        Sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 10_000 });
        Dispatcher = await Dispatcher.StartAsync(
            Data, Sandbox.Url, ("PipelinesWriteKey", "write"), ("PipelinesUrl", Sandbox.Url.ToString()), ("OnDeadLetter", OnDeadLetter), ("Dispatcher__History__Bodies", "All"));
    }

    public async ValueTask DisposeAsync()
    {
        await Dispatcher.DisposeAsync();
        await Sandbox.DisposeAsync();
        Data.Dispose();
    }

    protected string WriteFile(string name, params IEnumerable<string> lines)
    {
        var path = Path.Combine(Data.Path, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    protected string WritePeople(int rows) =>
        WriteFile("people.csv", ["id,plan,seq", .. Enumerable.Range(1, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"u{i},pro,{i}"))]);

    /// <summary>The operations that arrived, alone or in batches, in order.</summary>
    internal IReadOnlyList<string> Operations() => [.. Sandbox.Requests.Where(request => request.Status is 200 or 207).SelectMany(OperationsOf)];

    private static IEnumerable<string> OperationsOf(RecordedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.TryGetProperty("batch", out var batch)
            ? [.. batch.EnumerateArray().Select(item => item.GetRawText())]
            : [body.RootElement.GetRawText()];
    }
}
