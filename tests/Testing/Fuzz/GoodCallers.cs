using System.Text;
using System.Text.RegularExpressions;
using CioOrleans.Sandbox;

namespace CioOrleans.Testing.Fuzz;

/// <summary>Callers beside the attacks: each tracks numbered events of its own customer, one after the other.</summary>
public sealed partial class GoodCallers(HttpClient http)
{
    private const int Customers = 4;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly int[] _accepted = new int[Customers];
    private readonly int[] _arrived = new int[Customers];

    public int Accepted => _accepted.Sum();

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Customers).Select(customer => RunAsync(customer, stop)));

    /// <summary>Compares what came since the last look with what was accepted; returns what is wrong.</summary>
    public IEnumerable<string> Check(SandboxServer sandbox)
    {
        List<string> problems = [];
        foreach (var request in sandbox.Requests)
        {
            if (Own().Match(request.RawTarget) is not { Success: true } match)
            {
                continue;
            }

            var customer = int.Parse(match.Groups[1].ValueSpan, null);
            var seq = int.Parse(Seq().Match(Encoding.Latin1.GetString(request.Body.Span)).Groups[1].ValueSpan, null);
            if (seq != _arrived[customer]++)
            {
                problems.Add($"good caller {customer}: {seq} arrived in place of {_arrived[customer] - 1}");
            }
        }

        for (var customer = 0; customer < Customers; customer++)
        {
            if (_arrived[customer] != _accepted[customer])
            {
                problems.Add($"good caller {customer}: {_accepted[customer]} accepted, {_arrived[customer]} arrived");
            }
        }

        return problems;
    }

    private async Task RunAsync(int customer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var body = new StringContent($$$"""{"name":"good","data":{"seq":{{{_accepted[customer]}}}}}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"/api/v1/customers/good-{customer}/events", UriKind.Relative), body, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            _accepted[customer]++;
            await Task.WhenAny(Task.Delay(_pause, TimeProvider.System, stop));
        }
    }

    [GeneratedRegex("/customers/good-([0-9]+)/events")]
    private static partial Regex Own();

    [GeneratedRegex("\"seq\":([0-9]+)")]
    private static partial Regex Seq();
}
