using System.Globalization;
using Spectre.Console;

namespace CioOrleans.Bench.Reporting;

/// <summary>Collects the figures of one scenario, judges each by its target, and prints them.</summary>
internal sealed class Report(string scenario)
{
    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Whether a promise was broken, which is a defect and not only a figure that was missed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Something that must never happen.</summary>
    public void Never(string name, long count)
    {
        IsBroken |= count > 0;
        Zero(name, count);
    }

    public void AtLeast(string name, double? value, double target, string unit = "", double? baseline = null) =>
        Add(name, Text(value, unit), $">= {Text(target, unit)}", value >= target, Text(baseline, unit));

    public void AtMost(string name, double? value, double target, string unit = "", double? baseline = null) =>
        Add(name, Text(value, unit), $"<= {Text(target, unit)}", value <= target, Text(baseline, unit));

    public void Zero(string name, long value, long? baseline = null) => Add(name, Text(value, ""), "0", value == 0, Text(baseline, ""));

    /// <summary>A figure without a target.</summary>
    public void Tell(string name, string value, string baseline = "") => Add(name, value, "", null, baseline);

    public void Print()
    {
        AnsiConsole.Write(Render([.. _figures], title: scenario, withScenario: false));
        AnsiConsole.WriteLine();
    }

    public static Table Render(IReadOnlyList<Figure> figures, string title, bool withScenario)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle($"[bold]{Markup.Escape(title)}[/]") };
        if (withScenario)
        {
            table.AddColumn("scenario");
        }

        table.AddColumn("figure").AddColumn(new TableColumn("value").RightAligned()).AddColumn(new TableColumn("target").RightAligned());
        table.AddColumn("verdict").AddColumn(new TableColumn("baseline").RightAligned());
        foreach (var figure in figures)
        {
            string[] cells = [Markup.Escape(figure.Name), Markup.Escape(figure.Value), Markup.Escape(figure.Target), Verdict(figure), Markup.Escape(figure.Baseline)];
            table.AddRow(withScenario ? [Markup.Escape(figure.Scenario), .. cells] : cells);
        }

        return table;
    }

    private static string Verdict(Figure figure) => figure.IsMet switch
    {
        true => "[green]met[/]",
        false => "[red]missed[/]",
        null => "",
    };

    private static string Text(double? value, string unit)
    {
        var number = value is { } known ? known.ToString(Math.Abs(known) >= 1000 ? "#,0" : "0.##", CultureInfo.InvariantCulture) : "";
        return number.Length == 0 || unit.Length == 0 || unit.StartsWith('/') ? number + (number.Length == 0 ? "" : unit) : $"{number} {unit}";
    }

    private void Add(string name, string value, string target, bool? isMet, string baseline) =>
        _figures.Add(new Figure(scenario, name, value.Length == 0 ? "none" : value, target, isMet, baseline));
}
