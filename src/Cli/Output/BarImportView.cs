using System.Globalization;
using CioOrleans.Cli.Imports;
using Spectre.Console;

namespace CioOrleans.Cli.Output;

/// <summary>Shows two bars in a terminal: accepted people, and delivered calls with their expected end.</summary>
internal sealed class BarImportView(ProgressTask accepted, ProgressTask delivered, TimeProvider time) : IImportView
{
    public static Task<T> ShowAsync<T>(long rows, TimeProvider time, Func<BarImportView, Task<T>> run) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(progress => run(new BarImportView(progress.AddTask("accepted", maxValue: rows), progress.AddTask("delivered", maxValue: rows), time)));

    public void OnAccepted(ImportState state)
    {
        accepted.Value = state.Done;
        accepted.Description = "accepted";
    }

    public void OnProgress(ImportProgress progress)
    {
        var perPerson = progress.Accepted > 0 ? (double)progress.Calls / progress.Accepted : 1;
        delivered.MaxValue = Math.Max(1, Math.Max(progress.Calls, (accepted.MaxValue - progress.Refused) * perPerson));
        delivered.Value = progress.Delivered + progress.DeadLetters;
        delivered.Description = progress.ExpectedEnd is { } end
            ? string.Create(CultureInfo.InvariantCulture, $"delivered  {progress.PerSecond:0}/s, ends {end.ToLocalTime():HH:mm:ss} (in {Math.Max(0, (end - time.GetUtcNow()).TotalSeconds):0} s)")
            : "delivered";
    }

    public void Note(string text) => accepted.Description = Markup.Escape($"accepted  {text}");
}
