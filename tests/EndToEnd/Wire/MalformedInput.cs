using System.Text.RegularExpressions;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>What tests of malformed input have in common: every endpoint that reads a body, and a good customer whose calls go on.</summary>
public abstract partial class MalformedInput(SharedWire wire) : IAsyncLifetime
{
    /// <summary>How long the dispatcher may take to deliver what it took.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private int _good;

    private protected Dispatcher Dispatcher { get; } = wire.Dispatcher;

    private protected RawCustomerIo CustomerIo => wire.CustomerIo;

    private protected IEnumerable<(Uri Url, string Line, string Credentials)> Endpoints =>
    [
        .. Road.All.Where(road => road.Body.Length > 0).Select(road => (Dispatcher.Url, road.Line, road.Credentials)),
        (Dispatcher.Url, "POST /bulk/identify", Road.Track),
        (Dispatcher.Url, "POST /api/v1/forms/f/submit", Road.Track),
        (Dispatcher.Url, "POST /api/v1/segments/1/add_customers", Road.Track),
        (Dispatcher.Url, "PUT /api/v1/customers/1/devices", Road.Track),
        (Dispatcher.Admin, "POST /admin/workspaces/other/pause", "X-None: 1"),
    ];

    public async ValueTask InitializeAsync() => await wire.BeginAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected async Task GoodAsync() =>
        Assert.Equal(200, await RawCaller.SendAsync(Dispatcher.Url, "PUT /api/v1/customers/good", $"{{\"good\":{_good++}}}", Road.Track));

    /// <summary>Waits until all good calls have arrived, in their order, and fails if the log tells of an error.</summary>
    /// <param name="exceptFor">Lines that contain this are no error; null for none.</param>
    private protected async Task AssertGoodArrivedAsync(string? exceptFor = null)
    {
        await Dispatcher.WaitUntilEmptyAsync().WaitAsync(_patience);
        Assert.Equal(
            Enumerable.Range(0, _good),
            CustomerIo.Requests.Select(request => Number().Match(request)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value)));
        ErrorLines.AssertNone(wire.Output, exceptFor);
    }

    [GeneratedRegex("\"good\":([0-9]+)")]
    private static partial Regex Number();
}
