using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace CioOrleans.Bench.Reporting;

/// <summary>Shows how far the long parts of a scenario are: as a bar on a terminal, as a line now and then elsewhere.</summary>
internal static class Steps
{
    private static readonly TimeSpan _refresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _line = TimeSpan.FromSeconds(10);

    public static void Say(string text) => AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");

    /// <summary>Follows <paramref name="work"/> while <paramref name="current"/> climbs to <paramref name="total"/>.</summary>
    public static async Task FollowAsync(string title, double total, Func<double> current, Task work)
    {
        if (AnsiConsole.Profile.Capabilities.Interactive && !System.Console.IsOutputRedirected)
        {
            await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
                .StartAsync(context => ShowBarAsync(context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1)), current, work));
        }
        else
        {
            await WriteLinesAsync(title, total, current, work);
        }

        await work;
    }

    /// <summary>Waits for work of unknown length, and shows <paramref name="state"/> now and then.</summary>
    public static async Task WaitForAsync(string title, Task work, Func<string>? state = null)
    {
        Say($"{title} ...");
        var began = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(work, Task.Delay(_line)) != work)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{title}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, {state?.Invoke()}").TrimEnd(',', ' '));
        }

        await work;
    }

    /// <summary>Waits with a bar.</summary>
    public static Task WaitAsync(string title, TimeSpan duration, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        return FollowAsync(title, duration.TotalSeconds, () => Stopwatch.GetElapsedTime(began).TotalSeconds, Task.Delay(duration, stop));
    }

    private static async Task ShowBarAsync(ProgressTask bar, Func<double> current, Task work)
    {
        while (!work.IsCompleted)
        {
            bar.Value = current();
            await Task.WhenAny(work, Task.Delay(_refresh));
        }

        bar.Value = current();
        bar.StopTask();
    }

    private static async Task WriteLinesAsync(string title, double total, Func<double> current, Task work)
    {
        Say($"{title} ...");
        while (await Task.WhenAny(work, Task.Delay(_line)) != work)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{title}: {current():#,0} of {total:#,0}"));
        }
    }
}
