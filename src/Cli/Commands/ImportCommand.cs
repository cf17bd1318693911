using System.CommandLine;
using System.Globalization;
using CioOrleans.Cli.Imports;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl import people.csv --id id</c>: imports people from a file.</summary>
internal static class ImportCommand
{
    private const int MostRowsAPart = 100_000;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A CSV with a header, or JSON lines (.jsonl, .ndjson)." };
        var id = new Option<string>("--id") { Description = "The column with the people's ids." };
        var email = new Option<string>("--email") { Description = "The column with their e-mail addresses." };
        var cioId = new Option<string>("--cio-id") { Description = "The column with their cio_ids." };
        var tracked = new Option<string>("--event") { Description = "An event to track for everybody, behind their attributes." };
        var eventData = new Option<string>("--event-data") { Description = "The columns, separated by commas, that are the event's data in place of attributes." };
        var inferTypes = new Option<bool>("--infer-types") { Description = "Send a CSV's numbers, true and false as such; otherwise every cell is text." };
        var keepEmpty = new Option<bool>("--keep-empty") { Description = "Let an empty cell of a CSV set an empty text; otherwise it sets nothing." };
        var delimiter = new Option<string>("--delimiter") { Description = "Between the cells of a CSV.", DefaultValueFactory = _ => "," };
        var state = new Option<FileInfo>("--state") { Description = "Where to keep how far it has come (default: beside the file, with .cio-import behind its name)." };
        var restart = new Option<bool>("--restart") { Description = "Begin anew, under a new import id." };
        var noWait = new Option<bool>("--no-wait") { Description = "End once all is accepted, without waiting for its delivery." };
        var part = new Option<int>("--part") { Description = "Rows that are sent, and acknowledged, at once.", DefaultValueFactory = _ => 5_000 };
        var patience = new Option<int>("--patience") { Description = "Seconds to wait for a dispatcher that cannot be reached.", DefaultValueFactory = _ => 60 };
        var command = new Command("import", "Imports people. An import that was interrupted goes on where it stopped: run the same command again.")
        {
            file, id, email, cioId, tracked, eventData, inferTypes, keepEmpty, delimiter, state, restart, noWait, part, patience,
        };
        var server = new ServerOptions(command, withCredentials: true);
        command.SetGuarded(async (parse, stop) =>
        {
            var identifiers = new[] { ("id", parse.GetValue(id)), ("email", parse.GetValue(email)), ("cio_id", parse.GetValue(cioId)) }.Where(i => i.Item2 is not null).ToArray();
            Require(identifiers.Length <= 1, "Give one of --id, --email and --cio-id.");
            Require(parse.GetValue(part) is >= 1 and <= MostRowsAPart, $"--part is a number from 1 to {MostRowsAPart}.");
            Require(parse.GetValue(eventData) is null || parse.GetValue(tracked) is not null, "--event-data belongs to an --event.");
            Require(parse.GetValue(tracked) is null || identifiers.Length == 1, "With --event, say which column names the people: --id, --email or --cio-id.");
            Require(parse.GetValue(delimiter) is { Length: > 0 }, "--delimiter is at least one character.");
            var reading = new ReadingOptions(
                identifiers.Length == 1 ? identifiers[0].Item1 : null,
                identifiers.Length == 1 ? identifiers[0].Item2 : null,
                parse.GetValue(tracked),
                parse.GetValue(eventData)?.Split(',') ?? [],
                parse.GetValue(inferTypes),
                parse.GetValue(keepEmpty),
                parse.GetValue(delimiter)! is "\\t" ? "\t" : parse.GetValue(delimiter)!);
            var path = parse.GetRequiredValue(file).FullName;
            var files = new ImportFiles(path, parse.GetValue(state)?.FullName ?? path + ".cio-import");
            using var client = server.Connect(parse);
            var credentials = server.Credentials(parse);
            var begun = Begin(files, reading, parse.GetValue(restart));
            return await RunAsync(
                view => new Importer(client, credentials, files, reading, parse.GetValue(part), TimeSpan.FromSeconds(parse.GetValue(patience)), view, TimeProvider.System),
                view => new ProgressFollower(client, cancel => server.WorkspaceAsync(parse, client, cancel), begun.Import, view, TimeProvider.System),
                files,
                begun,
                waits: !parse.GetValue(noWait),
                stop);
        });
        return command;
    }

    private static ImportState Begin(ImportFiles files, ReadingOptions reading, bool anew)
    {
        var mark = PeopleFile.Measure(files.Data, reading);
        Require(mark.Rows > 0, $"{files.Data} holds nobody.");
        if (!anew && ImportState.Load(files.State) is { } old)
        {
            Require(old.File == mark, $"{files.Data} has changed since {old.Done} of its rows were imported. Import it anew with --restart, or bring the old file back.");
            Require(
                old.Reading == reading.Describe(),
                $"{files.Data} was begun with '{old.Reading}'. Give the same options to go on, or import it anew with --restart.");
            Console.WriteLine(old.Done == mark.Rows
                ? $"All {old.Done} rows are accepted already, as import {old.Import}. --restart would import them again."
                : $"Goes on behind row {old.Done} of {mark.Rows}, as import {old.Import}.");
            return old;
        }

        File.Delete(files.Refused);
        var state = new ImportState { Import = Ulid.NewUlid().ToString(), File = mark, Reading = reading.Describe() };
        state.Save(files.State);
        Console.WriteLine($"Import {state.Import}: {mark.Rows} rows.");
        return state;
    }

    private static async Task<int> RunAsync(
        Func<IImportView, Importer> importer, Func<IImportView, ProgressFollower> follower, ImportFiles files, ImportState state, bool waits, CancellationToken stop)
    {
        var time = TimeProvider.System;
        try
        {
            var (end, progress) = Console.IsOutputRedirected
                ? await RunAsync(importer, follower, new PlainImportView(Console.Out, Console.Error, state.File.Rows, time), state, waits, stop)
                : await BarImportView.ShowAsync(state.File.Rows, time, view => RunAsync(importer, follower, view, state, waits, stop));
            return Conclude(files, end, progress);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            var done = ImportState.Load(files.State)?.Done ?? 0;
            await Console.Error.WriteLineAsync($"Interrupted: {done} of {state.File.Rows} rows are accepted. The same command goes on there.");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<(ImportState State, ImportProgress? Progress)> RunAsync(
        Func<IImportView, Importer> importer, Func<IImportView, ProgressFollower> follower, IImportView view, ImportState state, bool waits, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var followed = follower(view);
        var following = followed.RunAsync(enough.Token);
        try
        {
            state = await importer(view).RunAsync(state, stop);
            view.OnAccepted(state);
            followed.AllSent = true;
            if (waits && state.Refused < state.File.Rows)
            {
                await following;
            }
        }
        finally
        {
            await enough.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (state, waits ? followed.Last : null);
    }

    private static int Conclude(ImportFiles files, ImportState state, ImportProgress? progress)
    {
        var delivered = progress is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {progress.Delivered} of {progress.Calls} calls are delivered.");
        Console.WriteLine($"{state.Done - state.Refused} of {state.File.Rows} rows are accepted.{delivered}");
        if (state.Refused > 0)
        {
            Console.Error.WriteLine($"{state.Refused} rows are refused; which and why stands in {files.Refused}.");
        }

        if (progress is { DeadLetters: > 0 })
        {
            Console.Error.WriteLine($"{progress.DeadLetters} calls were given up: see cioctl dead-letters.");
        }

        return state.Refused > 0 || progress is { DeadLetters: > 0 } ? ExitCode.SomeRefused : ExitCode.Done;
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new CliException(ExitCode.Usage, otherwise);
        }
    }
}
