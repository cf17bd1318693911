using System.Text.Json;
using System.Text.RegularExpressions;
using CioOrleans.Testing;

namespace CioOrleans.Cli.Tests;

public sealed partial class ImportTests(SharedDispatcher shared) : CliTest(shared)
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_CSV_arrives_as_people_with_text_attributes()
    {
        var file = WriteFile("people.csv", "id,name,zip,note", "1,Ann,01234,\"a, \"\"b\"\"\"", "2,Jürgen,,\"two", "lines\"");

        var (exitCode, output) = await CioCtl.RunAsync(Workspace, "import", file, "--workspace", Workspace.Name, "--id", "id");

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("2 of 2 rows are accepted. 2 of 2 calls are delivered.", output, StringComparison.Ordinal);
        Assert.Equal(
            [
                """{"type":"person","identifiers":{"id":"1"},"action":"identify","timestamp":T,"attributes":{"name":"Ann","zip":"01234","note":"a, \"b\""}}""",
                """{"type":"person","identifiers":{"id":"2"},"action":"identify","timestamp":T,"attributes":{"name":"Jürgen","note":"two\nlines"}}""",
            ],
            Operations().Select(WithoutTime).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Types_empty_cells_and_an_event_are_kept_where_that_is_asked_for()
    {
        var file = WriteFile("people.csv", "mail;n;vip;zip;none;to", "a@x.com;-1.50;true;01234;;Rome");

        var (exitCode, output) = await CioCtl.RunAsync(
            Workspace, "import", file, "--email", "mail", "--infer-types", "--keep-empty", "--delimiter", ";", "--event", "moved", "--event-data", "to");

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            [
                """{"type":"person","identifiers":{"email":"a@x.com"},"action":"identify","timestamp":T,"attributes":{"n":-1.50,"vip":true,"zip":"01234","none":""}}""",
                """{"type":"person","identifiers":{"email":"a@x.com"},"action":"event","id":"U","name":"moved","timestamp":T,"attributes":{"to":"Rome"}}""",
            ],
            Operations().Select(WithoutTime));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task JSON_lines_go_as_they_are_or_flat_with_a_column_named()
    {
        var whole = WriteFile("whole.jsonl", """{"id":"1","attributes":{"n":1.50}}""");
        var flat = WriteFile("flat.jsonl", """{"n":1.50,"key":"2"}""");

        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "import", whole)).ExitCode);
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "import", flat, "--id", "key")).ExitCode);
        Assert.Equal(
            [
                """{"type":"person","identifiers":{"id":"1"},"action":"identify","timestamp":T,"attributes":{"n":1.50}}""",
                """{"type":"person","identifiers":{"id":"2"},"action":"identify","timestamp":T,"attributes":{"n":1.50}}""",
            ],
            Operations().Select(WithoutTime));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Refused_rows_are_told_and_written_down_and_the_others_go_on()
    {
        var file = WriteFile("people.csv", "email,plan", "a@x.com,1", "nobody,2", "b@x.com,3", ",4");

        var (exitCode, output) = await CioCtl.RunAsync(Workspace, "import", file, "--email", "email", "--part", "1");

        Assert.True(exitCode == 1, output);
        Assert.Contains("2 of 4 rows are accepted.", output, StringComparison.Ordinal);
        Assert.Equal([2, 4], File.ReadAllLines($"{file}.cio-import.refused.jsonl").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt32()));
        Assert.Equal(2, Operations().Count);
    }

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 130)]
    [InlineData("KILL", 137)]
    public async Task An_import_that_is_interrupted_goes_on_where_it_stopped(string signal, int expected)
    {
        Assert.SkipWhen(signal == "INT" && InheritedSignals.IgnoreInterrupt, "Whoever started the tests has SIGINT ignored, for all below.");
        const int rows = 20_000;
        const int part = 100;
        var file = WritePeople(rows);
        await using (var first = CioCtl.Start(Workspace, "import", file, "--id", "id", "--part", $"{part}"))
        {
            await WaitUntilAsync(() => first.HasExited || Done(file) >= 5 * part);
            await first.SignalAsync(signal);
            Assert.True(await first.WaitAsync() == expected, first.Output);
        }

        var done = Done(file);
        Assert.InRange(done, 5 * part, rows - part);

        var (exitCode, output) = await CioCtl.RunAsync(Workspace, "import", file, "--id", "id");

        Assert.True(exitCode == 0, output);
        Assert.Contains($"Goes on behind row {done} of {rows}", output, StringComparison.Ordinal);
        Assert.Contains($"{rows} of {rows} rows are accepted.", output, StringComparison.Ordinal);
        Assert.Equal(rows, Operations().Select(operation => Identifier().Match(operation).Value).Distinct().Count());
        Assert.InRange(Operations().Count, rows, rows + part);

        var (again, text) = await CioCtl.RunAsync(Workspace, "import", file, "--id", "id");
        Assert.Equal(0, again);
        Assert.StartsWith($"All {rows} rows are accepted already", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_file_that_has_changed_in_between_is_not_gone_on_with()
    {
        var file = WritePeople(10);
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "import", file, "--id", "id")).ExitCode);
        WritePeople(11);

        var (exitCode, output) = await CioCtl.RunAsync(Workspace, "import", file, "--id", "id");

        Assert.Equal((2, $"{file} has changed since 10 of its rows were imported. Import it anew with --restart, or bring the old file back."), (exitCode, output));
        Assert.Equal(0, (await CioCtl.RunAsync(Workspace, "import", file, "--id", "id", "--restart")).ExitCode);
    }

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [InlineData("id,plan", new[] { "--id", "key" }, "There is no column 'key'. There are: id, plan.")]
    [InlineData("id,plan", new string[0], "Say which column names the people, with --id, --email or --cio-id. There are: id, plan.")]
    [InlineData("id,plan,more", new[] { "--id", "id" }, "Line 2 of the file has 2 cells, and its header 3. Mend it (a comma in a cell needs quotes around the cell), or give the --delimiter.")]
    [InlineData("id,plan", new[] { "--id", "id", "--email", "id" }, "Give one of --id, --email and --cio-id.")]
    [InlineData("id,plan", new[] { "--id", "id", "--event-data", "plan" }, "--event-data belongs to an --event.")]
    public async Task What_is_wrong_with_file_or_command_is_said_before_anything_is_sent(string header, string[] options, string error)
    {
        var file = WriteFile("people.csv", header, "1,pro");

        Assert.Equal((2, error), await CioCtl.RunAsync(Workspace, ["import", file, .. options]));
        Assert.Empty(Sandbox.Requests);
    }

    private static string WithoutTime(string operation) => Stamp().Replace(EventId().Replace(operation, "\"id\":\"U\",\"name\""), "\"timestamp\":T");

    private static long Done(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText($"{file}.cio-import")).RootElement.GetProperty("done").GetInt64();
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static Task WaitUntilAsync(Func<bool> isSo) => Wait.UntilAsync("The state of the import that the test waits for", _patience, isSo);

    [GeneratedRegex("\"timestamp\":[0-9]{10}")]
    private static partial Regex Stamp();

    [GeneratedRegex("\"id\":\"[0-9A-Z]{26}\",\"name\"")]
    private static partial Regex EventId();

    [GeneratedRegex("\"id\":\"u[0-9]+\"")]
    private static partial Regex Identifier();
}
