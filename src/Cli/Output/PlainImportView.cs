using System.Globalization;
using CioOrleans.Cli.Imports;

namespace CioOrleans.Cli.Output;

/// <summary>Writes a line of progress every five seconds and at the end, for logs and pipes. Writes a note only if it differs from the one before.</summary>
internal sealed class PlainImportView(TextWriter output, TextWriter error, long rows, TimeProvider time) : IImportView
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long _toldAt;
    private string? _note;

    public void OnAccepted(ImportState state)
    {
        lock (_lock)
        {
            _note = null;
        }
    }

    public void OnProgress(ImportProgress progress)
    {
        lock (_lock)
        {
            if (progress.IsDone || _toldAt == 0 || time.GetElapsedTime(_toldAt) >= _every)
            {
                _toldAt = time.GetTimestamp();
                output.WriteLine(Describe(progress));
            }
        }
    }

    public void Note(string text)
    {
        lock (_lock)
        {
            if (text != _note)
            {
                _note = text;
                error.WriteLine(text);
            }
        }
    }

    private string Describe(ImportProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"accepted {progress.Accepted} of {rows}, refused {progress.Refused}, delivered {progress.Delivered} of {progress.Calls} calls, dead letters {progress.DeadLetters}{End(progress)}");

    private string End(ImportProgress progress) => progress.ExpectedEnd is { } end
        ? string.Create(CultureInfo.InvariantCulture, $", {progress.PerSecond:0}/s, ends {end.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} (in {Math.Max(0, (end - time.GetUtcNow()).TotalSeconds):0} s)")
        : string.Empty;
}
