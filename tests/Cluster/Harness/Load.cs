using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace CioOrleans.Cluster.Harness;

/// <summary>
/// Callers, one a customer, that send calls at a steady pace, spread over the front-ends. A call that is not acknowledged is followed
/// by one repeat at the next front-end, after the pause that was asked for. The repeat bears a number of its own: whether the
/// first was stored is open, and nothing is owed for it.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>A caller waits no longer for an answer.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly IReadOnlyList<Uri> _frontEnds;
    private readonly string _name;
    private readonly HttpClient _http = new() { Timeout = _patience };
    private readonly ConcurrentDictionary<Call, DateTimeOffset> _acknowledged = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> _lastServed = new();
    private readonly ConcurrentQueue<Refusal> _refusals = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _customers;
    private readonly TimeSpan _pause;
    private readonly Task _callers;
    private readonly Lock _lock = new();
    private TimeSpan _longestFailure;
    private int _uncured;

    /// <param name="frontEnds">Where the calls go.</param>
    /// <param name="name">Begins the names of its customers.</param>
    /// <param name="customers">How many.</param>
    /// <param name="rate">Calls a second, over all customers.</param>
    public Load(IReadOnlyList<Uri> frontEnds, string name, int customers, double rate)
    {
        (_frontEnds, _name, _customers, _pause) = (frontEnds, name, customers, TimeSpan.FromSeconds(customers / rate));
        _http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("site:key"u8));
        _callers = Task.WhenAll(Enumerable.Range(0, customers).Select(RunAsync));
    }

    /// <summary>What was acknowledged, and when.</summary>
    public IReadOnlyDictionary<Call, DateTimeOffset> Acknowledged => _acknowledged;

    /// <summary>Answers that were no acknowledgement.</summary>
    public IReadOnlyCollection<Refusal> Refusals => _refusals;

    /// <summary>Calls whose repeat failed too.</summary>
    public int Uncured => _uncured;

    /// <summary>The longest time during which a caller got no acknowledgement, from the sending of the first call that failed.</summary>
    public TimeSpan LongestFailure => _longestFailure;

    /// <summary>Waits until every customer had a call acknowledged that was sent after the moment.</summary>
    public async Task WaitUntilServedAsync(DateTimeOffset since)
    {
        while (_lastServed.Count < _customers || _lastServed.Values.Any(at => at < since))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>Ends the load; what is under way still gets its answer.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _callers;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(int number)
    {
        var customer = $"{_name}-{number}";
        var seq = 0;
        var failingSince = default(DateTimeOffset?);
        using var pace = new PeriodicTimer(_pause, TimeProvider.System);
        try
        {
            // Not all in the same moment.
            await Task.Delay(_pause * number / _customers, TimeProvider.System, _stop.Token);
            do
            {
                var sentAt = TimeProvider.System.GetUtcNow();
                if (await SendAsync(new Call(customer, ++seq), number) is { } refusal)
                {
                    failingSince ??= sentAt;
                    await Task.Delay(refusal.RetryAfter ?? TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
                    sentAt = TimeProvider.System.GetUtcNow();
                    if (await SendAsync(new Call(customer, ++seq), number + 1) is not null)
                    {
                        Interlocked.Increment(ref _uncured);
                        continue;
                    }
                }

                OnServed(number, sentAt, failingSince);
                failingSince = null;
            }
            while (await pace.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            OnServed(number, default, failingSince);
        }
    }

    private void OnServed(int number, DateTimeOffset sentAt, DateTimeOffset? failingSince)
    {
        if (sentAt != default)
        {
            _lastServed[number] = sentAt;
        }

        if (failingSince is { } since)
        {
            lock (_lock)
            {
                var lasted = TimeProvider.System.GetUtcNow() - since;
                _longestFailure = lasted > _longestFailure ? lasted : _longestFailure;
            }
        }
    }

    /// <summary>Null when it was acknowledged.</summary>
    private async Task<Refusal?> SendAsync(Call call, int frontEnd)
    {
        var began = TimeProvider.System.GetTimestamp();
        Refusal refusal;
        try
        {
            using var body = new StringContent($$$"""{"name":"purchase","data":{"seq":{{{call.Seq}}}}}""", Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(new Uri(_frontEnds[frontEnd % _frontEnds.Count], $"/api/v1/customers/{call.Customer}/events"), body);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                _acknowledged[call] = TimeProvider.System.GetUtcNow();
                return null;
            }

            refusal = new Refusal(call, $"{(int)answer.StatusCode}", answer.Headers.RetryAfter?.Delta, TimeProvider.System.GetElapsedTime(began));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            refusal = new Refusal(call, exception is TaskCanceledException ? "no answer" : "no connection", null, TimeProvider.System.GetElapsedTime(began));
        }

        _refusals.Enqueue(refusal);
        return refusal;
    }
}
