using System.Globalization;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;
using CioOrleans.Testing.Processes;

namespace CioOrleans.Cli.Tests;

/// <summary>A workspace of the dispatcher, a sandbox behind it, and a folder for files.</summary>
public abstract class CliTest(SharedDispatcher shared) : IAsyncLifetime
{
    internal DataFolder Data { get; } = new();

    internal CliWorkspace Workspace { get; private set; } = null!;

    internal SandboxServer Sandbox => Workspace.Sandbox;

    protected virtual string OnDeadLetter => "Continue";

    public ValueTask InitializeAsync()
    {
        Workspace = shared.Take(OnDeadLetter);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Workspace.DisposeAsync();
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
