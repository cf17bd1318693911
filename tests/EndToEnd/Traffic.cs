using System.Net;
using System.Text;

namespace CioOrleans.EndToEnd;

/// <summary>
/// Callers that send each customer's calls one after the other and remember what was acknowledged. A call that is not acknowledged
/// is not repeated: whether it was stored is then open, and nothing is owed for it.
/// </summary>
internal sealed class Traffic
{
    /// <summary>Forty customers then bring twice what the limit lets through: a queue builds up, and is gone again in seconds.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, SortedSet<int>> _acknowledged = [];
    private readonly Dictionary<int, int> _lastSeq = [];
    private readonly Lock _lock = new();

    public int Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.Values.Sum(seqs => seqs.Count);
            }
        }
    }

    /// <summary>What was acknowledged for a customer, ascending.</summary>
    public IReadOnlyDictionary<int, SortedSet<int>> ByCustomer => _acknowledged;

    /// <summary>Sends for every customer at once until it is told to stop or the process is gone.</summary>
    public Task RunAsync(HttpClient http, int customers, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, customers).Select(customer => RunCustomerAsync(http, customer, stop)));

    private async Task RunCustomerAsync(HttpClient http, int customer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var seq = Next(customer);
            try
            {
                using var body = new StringContent($$$"""{"name":"purchase","data":{"seq":{{{seq}}}}}""", Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri($"/api/v1/customers/{customer}/events", UriKind.Relative), body, CancellationToken.None);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Acknowledge(customer, seq);
                }

                await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private int Next(int customer)
    {
        lock (_lock)
        {
            return _lastSeq[customer] = _lastSeq.GetValueOrDefault(customer) + 1;
        }
    }

    private void Acknowledge(int customer, int seq)
    {
        lock (_lock)
        {
            if (!_acknowledged.TryGetValue(customer, out var seqs))
            {
                _acknowledged.Add(customer, seqs = []);
            }

            seqs.Add(seq);
        }
    }
}
