using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace CioOrleans.Bench.Processes;

/// <summary>A process of ours, whose lines are kept. It never outlives the bench, however that ends: it is killed by its own pid.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;

    private static readonly ConcurrentDictionary<int, Process> _alive = new();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lastLines = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in _alive.Values)
        {
            process.Kill();
        }
    };

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => OnLine(line.Data, isOutput: true);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data, isOutput: false);
    }

    public int Id => _process.Id;

    /// <summary>What it has taken of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The lines of its standard output, as they come, until it ends.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>The last of what it has written.</summary>
    public string LastLines => string.Join('\n', _lastLines);

    public static ChildProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(Process.Start(start)!);
        _alive[child.Id] = child._process;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public async Task WaitForSuccessAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Process {Id} ended with {_process.ExitCode}:\n{LastLines}");
        }
    }

    /// <summary><c>kill -9</c>: no handler of it runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an orchestrator does, and waits for its end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _alive.TryRemove(Id, out _);
        _process.Dispose();
    }

    private void OnLine(string? line, bool isOutput)
    {
        if (line is null)
        {
            if (isOutput)
            {
                _lines.Writer.TryComplete();
            }

            return;
        }

        _lastLines.Enqueue(line);
        if (_lastLines.Count > KeptLines)
        {
            _lastLines.TryDequeue(out _);
        }

        if (isOutput)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
