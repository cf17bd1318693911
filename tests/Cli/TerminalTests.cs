using CioOrleans.Testing;

namespace CioOrleans.Cli.Tests;

public sealed class TerminalTests(SharedDispatcher shared) : CliTest(shared)
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task What_a_customer_is_called_does_nothing_to_the_terminal()
    {
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 1 };
        var file = WriteFile("people.jsonl", """{"id":"a\u001b]0;owned\u0007\u009b2J\u202egpj","attributes":{}}""");
        Assert.Equal(1, (await CioCtl.RunAsync(Workspace, "import", file)).ExitCode);

        foreach (var command in new[] { "dead-letters", "dead-letters --json" })
        {
            var (exitCode, output) = await CioCtl.RunAsync(Workspace, command.Split(' '));

            Assert.Equal(0, exitCode);
            Assert.DoesNotContain(output, c => c != '\n' && (char.IsControl(c) || c == '\u202e'));
            Assert.Contains("u202e", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task What_an_import_writes_down_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        var file = WriteFile("people.csv", "email", "a@x.com", "nobody");
        Assert.Equal(1, (await CioCtl.RunAsync(Workspace, "import", file, "--email", "email")).ExitCode);

        Assert.All(
            [$"{file}.cio-import", $"{file}.cio-import.refused.jsonl"],
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path)));
    }
}
