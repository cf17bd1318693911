using System.Globalization;
using System.Net;
using System.Text;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>The report for people: plain HTML that reloads itself.</summary>
internal static class StatusPage
{
    private const int ShownSeconds = 30;

    public static string Render(SandboxServer server)
    {
        var report = server.Report();
        var order = report.Order;
        var text = new StringBuilder();
        Line("arrivals", report.Arrivals);
        foreach (var (status, count) in report.ByStatus)
        {
            Line("  " + status, count);
        }

        foreach (var (name, count) in report.ByClass)
        {
            Line("  " + name, count);
        }

        Line($"most in any {report.Window.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", report.MaxInWindow);
        foreach (var (name, max) in report.MaxInWindowByClass)
        {
            Line("  " + name, max);
        }

        Line("steady rate a second", report.SteadyRate is { } rate ? Math.Round(rate, 1) : "-");
        Line("last seconds", string.Join(' ', report.ArrivalsPerSecond.TakeLast(ShownSeconds)));
        Line("processed", order.Processed);
        Line("customers", order.Customers);
        Line("distinct seqs", order.DistinctSeqs);
        Line("missing seqs", order.MissingSeqs);
        Line("order violations", order.OrderViolations);
        Line("duplicates", order.Duplicates);
        Line("  with another event id", order.DuplicatesWithAnotherId);
        Line("repeated event ids", order.EventIdDuplicates);
        Line("messages sent", report.Sends.Sent);
        Line("  sent twice", report.Sends.SentTwice);
        Line("faults", server.Faults == SandboxFaults.None ? "none" : server.Faults);

        return $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
            <title>Customer.io sandbox</title><link rel="icon" href="data:,"></head>
            <body><h1>Customer.io sandbox</h1><pre>{WebUtility.HtmlEncode(text.ToString())}</pre>
            <p><a href="/sandbox/report">report</a> <a href="/sandbox/faults">faults</a> <a href="/sandbox/customers">customers</a></p></body></html>
            """;

        void Line(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name,-32} {value}\n");
    }
}
