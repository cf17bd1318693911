using System.Buffers;
using CioOrleans.Cli.Connection;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Imports;

/// <summary>Sends a file in parts, one after the other, and saves the state after each answer.</summary>
internal sealed class Importer(
    DispatcherClient client, (string SiteId, string ApiKey) credentials, ImportFiles files, ReadingOptions reading, int partRows, TimeSpan patience, IImportView view, TimeProvider time)
{
    private const int PartBytes = 4 << 20;

    private readonly ArrayBufferWriter<byte> _part = new(PartBytes / 4);
    private readonly List<int> _ends = [];

    /// <summary>Sends the rows from <paramref name="state"/> to the end of the file.</summary>
    /// <exception cref="CliException">The dispatcher accepted no row for longer than the patience.</exception>
    public async Task<ImportState> RunAsync(ImportState state, CancellationToken stop)
    {
        using var file = PeopleFile.OpenRead(files.Data);
        using var people = PeopleFile.Open(file, files.Data, reading);
        for (var skipped = 0L; skipped < state.Done && people.Read(); skipped++)
        {
        }

        while (Fill(people))
        {
            state = await SendAsync(state, stop);
        }

        return state;
    }

    private bool Fill(IPeopleFile people)
    {
        _part.ResetWrittenCount();
        _ends.Clear();
        while (_ends.Count < partRows && _part.WrittenCount < PartBytes && people.Read())
        {
            people.Write(_part);
            _ends.Add(_part.WrittenCount);
        }

        return _ends.Count > 0;
    }

    private async Task<ImportState> SendAsync(ImportState state, CancellationToken stop)
    {
        var (settled, began) = (0, time.GetTimestamp());
        while (settled < _ends.Count)
        {
            var rest = _part.WrittenMemory[(settled == 0 ? 0 : _ends[settled - 1])..];
            var answer = await client.SendPartAsync(credentials, Ulid.Parse(state.Import), state.File.Rows, rest, stop);
            if (answer is PartAnswer.Taken { Settled: > 0 } taken)
            {
                files.Refuse(taken.Refused.Select(row => (state.Done + row.Row, row.Error)));
                state = state with { Done = state.Done + taken.Settled, Refused = state.Refused + taken.Refused.Count };
                state.Save(files.State);
                settled += (int)taken.Settled;
                began = time.GetTimestamp();
                view.OnAccepted(state);
            }

            if (settled < _ends.Count)
            {
                began = await WaitAsync(answer, state, began, stop);
            }
        }

        return state;
    }

    /// <summary>
    /// Waits before the rest of the part is sent again. Returns the timestamp from which the patience counts. The patience starts anew if the dispatcher
    /// named a time for the repeat.
    /// </summary>
    private async Task<long> WaitAsync(PartAnswer answer, ImportState state, long began, CancellationToken stop)
    {
        var (reason, wait, isPatient) = answer switch
        {
            PartAnswer.Busy busy => (busy.Reason, busy.RetryAfter, true),
            PartAnswer.Taken taken => (taken.Problem ?? "not all was taken", TimeSpan.FromSeconds(1), false),
            PartAnswer.Lost lost => (lost.Reason, TimeSpan.FromSeconds(1), false),
            _ => throw new ArgumentException("An answer of another kind.", nameof(answer)),
        };
        if (!isPatient && time.GetElapsedTime(began) > patience)
        {
            throw new CliException(
                ExitCode.Unreachable, $"The dispatcher at {client.Url} takes nothing: {reason}. {state.Done} of {state.File.Rows} rows are done; the same command goes on there.");
        }

        view.Note($"{reason}; trying again");
        await Task.Delay(wait, time, stop);
        return isPatient ? time.GetTimestamp() : began;
    }
}
