using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace CioOrleans.Testing.Processes;

/// <summary>A process whose output is kept. It is killed by its process id when it is disposed of, and when this process exits.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How many lines <see cref="LastLines"/> has.</summary>
    private const int FewLines = 40;

    /// <summary>The longest time for a process to end in good order; the host gives its services 30 s.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private static readonly ConcurrentDictionary<int, Process> _alive = new();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _all = new();
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();

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
        process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The processor time that it has taken so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Everything it has written, to both streams.</summary>
    public string Output => string.Join('\n', _all);

    /// <summary>The last 40 lines it has written, to both streams.</summary>
    public string LastLines => string.Join('\n', _all.TakeLast(FewLines));

    /// <summary>The lines of its standard output, as they come, until it ends. For one reader.</summary>
    public ChannelReader<string> Lines => _output.Reader;

    /// <summary>Starts a program and does not wait for anything.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="folder">Its working folder; null for this process's.</param>
    /// <param name="isShortLived">
    /// It is a .NET process that lives for seconds: nothing is compiled a second time, optimized, in its first minute. That would take a third of its processor
    /// time. It changes nothing but speed.
    /// </param>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, bool isShortLived = false)
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

        if (isShortLived)
        {
            // 60,000 ms, in hexadecimal.
            start.Environment["DOTNET_TC_CallCountingDelayMs"] = "EA60";
        }

        var child = new ChildProcess(Process.Start(start)!);
        _alive[child.Id] = child._process;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    /// <param name="patience">The longest wait; null for a minute and a half.</param>
    /// <exception cref="TimeoutException">It has not ended within <paramref name="patience"/>.</exception>
    public async Task<int> WaitAsync(TimeSpan? patience = null)
    {
        await WaitForExitAsync(_process, patience);
        return _process.ExitCode;
    }

    /// <summary>Waits for its end, however long that takes.</summary>
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

        _alive.TryRemove(new KeyValuePair<int, Process>(Id, _process));
        _process.Dispose();
    }

    private async Task WaitForExitAsync(Process process, TimeSpan? patience = null)
    {
        var bound = patience ?? _patience;
        try
        {
            await process.WaitForExitAsync().WaitAsync(bound, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"'{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}' has not ended within {bound.TotalSeconds:0} s:\n{Output}");
        }
    }

    private void OnOutput(string? line)
    {
        Keep(line);
        if (line is null)
        {
            _output.Writer.TryComplete();
        }
        else
        {
            _output.Writer.TryWrite(line);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _all.Enqueue(line);
        }
    }
}
