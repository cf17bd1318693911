using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Testing;

namespace CioOrleans.Cli.Tests;

public sealed class HeldTests(SharedDispatcher shared) : CliTest(shared)
{
    protected override string OnDeadLetter => "Hold";

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Held_customers_are_listed_with_the_dead_letters_that_hold_them_and_with_their_causes()
    {
        Assert.Equal((0, "No customer is held."), await CioCtl.RunAsync(Workspace, "held"));
        Sandbox.Faults = new SandboxFaults { RefuseFirst = "\"refused\"" };
        await AcceptAsync("ann", "refused");
        await AcceptAsync("ann", "waits");
        await AcceptAsync("bob", "refused");
        string[] held = [];
        await Wait.UntilAsync("Two held customers", TimeSpan.FromSeconds(60), async () => (held = (await CioCtl.RunAsync(Workspace, "held")).Output.Split('\n')).Length == 2);

        Assert.Matches("^id:ann  [0-9A-Z]{26}  [0-9]{4}-[^ ]* [^ ]*Z  event  400: ", held[0]);
        Assert.Matches("^id:bob  ", held[1]);
        Assert.Equal((0, held[0]), await CioCtl.RunAsync(Workspace, "held", "--limit", "1"));
        var asJson = (await CioCtl.RunAsync(Workspace, "held", "--json")).Output.Split('\n').Select(line => JsonDocument.Parse(line).RootElement);
        Assert.Equal(["id:ann", "id:bob"], asJson.Select(item => item.GetProperty("customer").GetString()));
        var (_, cause) = await CioCtl.RunAsync(Workspace, "dead-letters", "causes", "--json", "--limit", "1");
        Assert.Equal((2, "event", 400), JsonDocument.Parse(cause).RootElement is var counted
            ? (counted.GetProperty("count").GetInt32(), counted.GetProperty("kind").GetString(), counted.GetProperty("status").GetInt32())
            : default);

        Assert.Equal((0, "1 replayed."), await CioCtl.RunAsync(Workspace, "replay", held[0].Split("  ")[1]));
        Assert.Equal((0, "1 discarded."), await CioCtl.RunAsync(Workspace, "discard", held[1].Split("  ")[1]));

        await Workspace.WaitUntilEmptyAsync();
        Assert.Equal((0, "No customer is held."), await CioCtl.RunAsync(Workspace, "held"));
        Assert.Equal(["refused", "refused", "refused", "waits"], Sandbox.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("name").GetString()));
    }

    private async Task AcceptAsync(string customer, string name)
    {
        using var body = new StringContent($$"""{"name":"{{name}}"}""", Encoding.UTF8, "application/json");
        using var accepted = await Workspace.Http.PostAsync(new Uri($"/api/v1/customers/{customer}/events", UriKind.Relative), body);
        Assert.True(accepted.IsSuccessStatusCode);
    }
}
