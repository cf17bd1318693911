using System.Text.Json;
using CioOrleans.Cli.Connection;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Imports;

/// <summary>Reads the progress of an import from the dispatcher once a second.</summary>
internal sealed class ProgressFollower(DispatcherClient client, Func<CancellationToken, Task<string>> workspace, string import, IImportView view, TimeProvider time)
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    /// <summary>Longer than the silos take to report what they have counted.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(5);

    /// <summary>The last progress; null if the dispatcher refused the request or has not answered.</summary>
    public ImportProgress? Last { get; private set; }

    /// <summary>
    /// Set to true once every row was acknowledged. After a crash the dispatcher may have counted fewer rows than it accepted. So the import has then
    /// ended once no call waits and the counts have not changed for some seconds: counts that are only late are still to come.
    /// </summary>
    public bool AllSent { get; set; }

    /// <summary>Runs until every call is delivered or a dead letter, until the dispatcher refuses the request, or until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var name = (string?)null;
        var changedAt = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var allSent = AllSent;
            try
            {
                name ??= await workspace(stop);
                if (await client.FindAsync(HttpMethod.Get, name, $"/imports/{import}", stop) is { } answer)
                {
                    var progress = answer.Deserialize(CliJson.Default.ImportProgress)!;
                    changedAt = Last is { } last && (last.Accepted, last.Calls) == (progress.Accepted, progress.Calls) ? changedAt : time.GetTimestamp();
                    Last = progress;
                    view.OnProgress(progress);
                    if (progress.IsDone || (allSent && progress.Waiting == 0 && time.GetElapsedTime(changedAt) >= _quiet))
                    {
                        return;
                    }
                }
            }
            catch (CliException exception) when (exception.ExitCode == ExitCode.Unreachable)
            {
                // The dispatcher may come back. The importer reports whether it accepts rows.
            }
            catch (CliException exception)
            {
                view.Note($"Delivery cannot be followed: {exception.Message}");
                Last = null;
                return;
            }

            await Task.Delay(_every, time, stop);
        }
    }
}
