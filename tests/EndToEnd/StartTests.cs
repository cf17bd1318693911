namespace CioOrleans.EndToEnd;

public sealed class StartTests : SandboxedTest
{
    [Fact]
    public async Task A_second_process_on_the_same_file_refuses_to_start_and_says_why()
    {
        await using var first = await Dispatcher.StartAsync(Data, Sandbox.Url);

        await using var second = Dispatcher.Launch(new Uri($"http://127.0.0.1:{Dispatcher.FreePort()}"), Data, Sandbox.Url);

        Assert.Equal(1, await second.WaitAsync());
        Assert.Contains(Path.Combine(Data.Path, "cio.db"), second.Output, StringComparison.Ordinal);
        Assert.Contains($"process {first.Id}", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it()
    {
        await using var process = Dispatcher.Launch(
            new Uri($"http://127.0.0.1:{Dispatcher.FreePort()}"), Data, Sandbox.Url, ("Limits__identify", "often"), ("MaxConcurrency", "0"));

        Assert.Equal(2, await process.WaitAsync());
        var lines = process.Output.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("Dispatcher:Workspaces:acme:Limits:identify", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Dispatcher:Workspaces:acme:MaxConcurrency", StringComparison.Ordinal));
    }
}
