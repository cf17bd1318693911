using CioOrleans.Sandbox.Faults;
using Microsoft.Playwright;

namespace CioOrleans.Console.Tests;

/// <summary>Writes the pictures of the documentation. CONTRIBUTING.md says how.</summary>
[Collection(ConsoleUnderTest.Collection)]
public sealed class ScreenshotTests(ConsoleUnderTest console)
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_pictures_of_the_documentation_are_written_where_they_are_asked_for()
    {
        var folder = Environment.GetEnvironmentVariable("CONSOLE_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "Written only where CONSOLE_SCREENSHOTS names a folder.");
        console.Sandbox.Faults = new SandboxFaults { ServerError = 0.02, RefuseFirst = "\"n\":7}" };
        for (var i = 0; i < 25; i++)
        {
            await console.SendAsync(150, "ann");
        }

        // Of 3,750 calls at 50 a second: half a minute before the end.
        await console.Sandbox.WaitForProcessedAsync(2_500).WaitAsync(TimeSpan.FromMinutes(3), TimeProvider.System);
        foreach (var (name, path) in new[] { ("console-overview", ""), ("console-workspace", "w/acme"), ("console-customer", "w/acme/customers?customer=ann7") })
        {
            await using var view = await console.OpenAsync(path);
            await view.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), Type = ScreenshotType.Png });
        }

        console.Sandbox.Faults = SandboxFaults.None;
    }
}
