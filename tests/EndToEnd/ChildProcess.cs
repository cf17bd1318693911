using System.Collections.Concurrent;
using System.Diagnostics;

namespace CioOrleans.EndToEnd;

/// <summary>A real process whose output is kept; killed by its own pid when the test is done with it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>The longest time for a process to end in good order; the host gives its services 30 s.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has written.</summary>
    public string Output => string.Join('\n', _lines);

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(Process.Start(start)!);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    /// <exception cref="TimeoutException">It has not ended within a minute and a half.</exception>
    public async Task<int> WaitAsync()
    {
        await WaitForExitAsync(_process);
        return _process.ExitCode;
    }

    /// <summary><c>kill -9</c>: no handler of it runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(_process);
    }

    /// <summary>Asks it to stop, as an orchestrator does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await WaitAsync();
    }

    /// <summary>Sends it a signal, by its name without the <c>SIG</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString()]);
        await WaitForExitAsync(kill);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task WaitForExitAsync(Process process)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(_patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"'{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}' has not ended within {_patience.TotalSeconds:0} s:\n{Output}");
        }
    }

    private void OnLine(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
