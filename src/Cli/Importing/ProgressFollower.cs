using System.Text.Json;
using CioOrleans.Cli.Connection;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Importing;

/// <summary>Asks the dispatcher once a second how far an import has come.</summary>
internal sealed class ProgressFollower(DispatcherClient client, Func<CancellationToken, Task<string>> workspace, string import, IImportView view, TimeProvider time)
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    /// <summary>What it said last; null where it may not be asked, or has not answered.</summary>
    public ImportProgress? Last { get; private set; }

    /// <summary>Set once every row is acknowledged. After a crash the dispatcher may have counted fewer than it took: then nothing that waits is the end.</summary>
    public bool AllSent { get; set; }

    /// <summary>Until the last call is delivered or given up, until it may not be asked, or until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var name = (string?)null;
        while (true)
        {
            var allSent = AllSent;
            try
            {
                name ??= await workspace(stop);
                if (await client.FindAsync(HttpMethod.Get, name, $"/imports/{import}", stop) is { } answer)
                {
                    Last = answer.Deserialize(CliJson.Default.ImportProgress);
                    view.OnProgress(Last!);
                    if (Last!.IsDone || (allSent && Last.Waiting == 0))
                    {
                        return;
                    }
                }
            }
            catch (CliException exception) when (exception.ExitCode == ExitCode.Unreachable)
            {
                // It may come back; whether it takes rows is told where they are sent.
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
