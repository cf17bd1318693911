using System.Net;
using System.Net.Sockets;

namespace CioOrleans.EndToEnd;

public sealed class StartTests : SandboxedTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_second_process_on_the_same_file_refuses_to_start_and_says_why()
    {
        await using var first = await Dispatcher.StartAsync(Data, Sandbox.Url);

        await using var second = Dispatcher.Launch(new Uri($"http://127.0.0.1:{FreePort.Next()}"), Data, Sandbox.Url);

        Assert.Equal(1, await second.WaitAsync());
        Assert.Contains(Path.Combine(Data.Path, "cio.db"), second.Output, StringComparison.Ordinal);
        Assert.Contains($"process {first.Id}", second.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it()
    {
        await using var process = Dispatcher.Launch(
            new Uri($"http://127.0.0.1:{FreePort.Next()}"), Data, Sandbox.Url, ("Limits__identify", "often"), ("MaxConcurrency", "0"));

        Assert.Equal(2, await process.WaitAsync());
        var lines = process.Output.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("Dispatcher:Workspaces:acme:Limits:identify", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Dispatcher:Workspaces:acme:MaxConcurrency", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_taken_admin_port_stops_the_start_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";
        await using var process = Dispatcher.Launch(
            new Uri($"http://127.0.0.1:{FreePort.Next()}"), Data, Sandbox.Url, ("Dispatcher__Admin__Url", url));

        Assert.Equal(1, await process.WaitAsync());
        Assert.Equal($"Dispatcher:Admin:Url = '{url}' cannot be listened on: Failed to bind to address {url}: address already in use.", process.Output);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Endpoints_of_Kestrel_replace_the_addresses_of_the_API_and_not_the_admin_listener()
    {
        var (urls, endpoint) = ($"http://127.0.0.1:{FreePort.Next()}", $"http://127.0.0.1:{FreePort.Next()}");
        await using var process = Dispatcher.Launch(new Uri(urls), Data, Sandbox.Url, ("Kestrel__Endpoints__Api__Url", endpoint));
        using var http = new HttpClient();
        await Wait.UntilAsync($"'Now listening on: {endpoint}'", _patience, () =>
        {
            Assert.False(process.HasExited, process.Output);
            return process.Output.Contains($"Now listening on: {endpoint}", StringComparison.Ordinal);
        });

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(Dispatcher.AdminAddressOf(process)!, "/admin/workspaces"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri($"{endpoint}/admin/workspaces"))).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"{urls}/admin/workspaces")));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_front_end_refuses_to_be_a_silo_without_one()
    {
        await using var process = Dispatcher.Launch(
            new Uri($"http://127.0.0.1:{FreePort.Next()}"), Data, Sandbox.Url,
            ("Dispatcher__Storage__Provider", "Postgres"), ("Dispatcher__Storage__ConnectionString", "Host=127.0.0.1"), ("Dispatcher__Cluster__Mode", "Silo"));

        Assert.Equal(2, await process.WaitAsync());
        Assert.Equal("Dispatcher:Cluster:Mode = 'Silo': expected Embedded or Client. A silo without a front-end is run by src/Silo.", process.Output);
    }

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [InlineData("Embedded")]
    [InlineData("Client")]
    public async Task A_silo_refuses_to_be_a_front_end(string mode)
    {
        await using var process = Dispatcher.LaunchSilo(mode, "Host=127.0.0.1");

        Assert.Equal(2, await process.WaitAsync());
        Assert.Equal(
            $"Dispatcher:Cluster:Mode = '{mode}': expected Silo, with Dispatcher:Storage:Provider = Postgres. A front-end, with a silo inside or without, is run by src/Api.",
            process.Output);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Migrations_without_a_database_end_with_one_line_that_names_it()
    {
        var port = FreePort.Next();
        await using var process = Dispatcher.LaunchSilo("Silo", $"Host=127.0.0.1;Port={port};Database=cio;Username=cio", "migrate");

        Assert.Equal(1, await process.WaitAsync());
        Assert.StartsWith($"The outbox's database cio at 127.0.0.1:{port} cannot be reached: ", Assert.Single(process.Output.Split('\n')), StringComparison.Ordinal);
    }
}
