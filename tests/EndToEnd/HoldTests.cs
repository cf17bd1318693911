using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.EndToEnd;

/// <summary>Dead letters that hold their customers, and a process that is killed at each moment that matters.</summary>
public sealed class HoldTests
{
    private const int Calls = 4;

    private static readonly string[] _customers = ["replayed", "discarded", "released"];
    private static readonly (string, string)[] _fast = [("AttemptTimeout", "1s"), ("Limits__identify", "20/100ms")];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Kills_during_a_hold_its_replay_its_discard_and_its_release_change_no_order()
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Url = "http://127.0.0.1:0", RecordRequests = 1_000, Faults = new SandboxFaults { RefuseFirst = "\"refused\"" },
        });
        Task<Dispatcher> StartAsync(string policy) => Dispatcher.StartAsync(data, sandbox.Url, [.. _fast, ("OnDeadLetter", policy)]);

        await using (var first = await StartAsync("Hold"))
        {
            for (var seq = 1; seq <= Calls; seq++)
            {
                foreach (var customer in _customers)
                {
                    using var body = new StringContent($$$"""{"name":"{{{(seq == 1 ? "refused" : "taken")}}}","data":{"seq":{{{seq}}}}}""", Encoding.UTF8, "application/json");
                    using var accepted = await first.Http.PostAsync(new Uri($"/api/v1/customers/{customer}/events", UriKind.Relative), body);
                    Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
                }
            }

            await HeldAsync(first, held => held.Count == 3);
            await first.KillAsync();
        }

        await using (var second = await StartAsync("Hold"))
        {
            var held = await HeldAsync(second, held => held.Count == 3);
            Assert.Empty(Taken(sandbox));
            var changes = Task.WhenAll(ChangeAsync(second, HttpMethod.Post, $"{held["id:replayed"]}/replay"), ChangeAsync(second, HttpMethod.Delete, held["id:discarded"]));
            await HeldAsync(second, left => left.Count < 3);
            await second.KillAsync();
            await changes;
        }

        await using (var third = await StartAsync("Continue"))
        {
            await Wait.UntilAsync("A call behind the hold", _patience, () => Taken(sandbox).Any(call => call.Customer == "released"));
            await third.KillAsync();
        }

        await using var last = await StartAsync("Hold");
        await Wait.UntilAsync("All calls that are not held", _patience, () => _customers.All(customer => Taken(sandbox).Contains((customer, Calls))));
        await last.WaitUntilEmptyAsync();

        foreach (var customer in _customers)
        {
            int[] seqs = [.. Taken(sandbox).Where(call => call.Customer == customer).Select(call => call.Seq)];
            Assert.Equal(seqs.Order(), seqs);
            Assert.Equal(Enumerable.Range(2, Calls - 1), seqs.Distinct().Where(seq => seq > 1));
        }

        Assert.DoesNotContain(("released", 1), Taken(sandbox));
        Assert.Empty(await HeldAsync(last, _ => true));
    }

    /// <summary>The calls that took effect, in order.</summary>
    private static List<(string Customer, int Seq)> Taken(SandboxServer sandbox) => [.. sandbox.Requests.Where(request => request.Status == 200).Select(request =>
    {
        using var body = JsonDocument.Parse(request.Body);
        return (request.RawTarget.Split('/')[4], body.RootElement.GetProperty("data").GetProperty("seq").GetInt32());
    })];

    /// <summary>The held customers and the dead letters that hold them, once they are as described.</summary>
    private static Task<Dictionary<string, string>> HeldAsync(Dispatcher dispatcher, Func<Dictionary<string, string>, bool> isSo) => Wait.ForAnswerAsync("The held customers", _patience, async () =>
    {
        var answer = await dispatcher.Http.GetFromJsonAsync<JsonElement>(new Uri("/admin/workspaces/acme/held-customers", UriKind.Relative));
        var held = answer.GetProperty("customers").EnumerateArray().ToDictionary(item => item.GetProperty("customer").GetString()!, item => item.GetProperty("held").GetProperty("id").GetString()!);
        return isSo(held) ? held : null;
    });

    /// <summary>A change whose answer the kill may take away.</summary>
    private static async Task ChangeAsync(Dispatcher dispatcher, HttpMethod method, string path)
    {
        try
        {
            using var request = new HttpRequestMessage(method, $"/admin/workspaces/acme/dead-letters/{path}");
            using var answer = await dispatcher.Http.SendAsync(request);
        }
        catch (HttpRequestException)
        {
        }
    }
}
