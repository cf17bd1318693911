using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Hosting;
using CioOrleans.Sandbox.Recording;
using CioOrleans.Sandbox.Reporting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CioOrleans.Sandbox;

/// <summary>A running simulated Customer.io.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Ledger _ledger = new();
    private readonly SandboxOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Intake _intake;
    private readonly RequestRecorder _recorder;
    private readonly KestrelServer _kestrel;
    private int _isDisposed;

    private SandboxServer(SandboxOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        _options = options;
        _timeProvider = timeProvider;
        _intake = new Intake(options, timeProvider);
        _recorder = new RequestRecorder(options.RecordRequests);
        _kestrel = new KestrelServer(
            Options.Create(new KestrelServerOptions { AddServerHeader = false }),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), loggerFactory),
            loggerFactory);
    }

    /// <summary>The address on which it listens, with its actual port.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The faults of requests that arrive from now on.</summary>
    /// <exception cref="ArgumentException">The shares are out of range.</exception>
    public SandboxFaults Faults
    {
        get => _intake.Faults;
        set => _intake.Faults = value.Error() is { } error ? throw new ArgumentException(error, nameof(value)) : value;
    }

    /// <summary>The last <see cref="SandboxOptions.RecordRequests"/> requests, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _recorder.Requests;

    /// <summary>Starts a sandbox. Returns once it listens.</summary>
    /// <param name="options">The options.</param>
    /// <param name="timeProvider">Stamps arrivals and times latencies (default: the system's).</param>
    /// <param name="loggerFactory">Receives Kestrel's log messages (default: none).</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<SandboxServer> StartAsync(
        SandboxOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        var server = new SandboxServer(options, timeProvider ?? TimeProvider.System, loggerFactory ?? NullLoggerFactory.Instance);
        try
        {
            await server.Listen(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>The report up to now. It reads all arrivals several times, without a lock.</summary>
    /// <param name="window">The window of the maxima (default: <see cref="SandboxOptions.ReportWindow"/>).</param>
    public SandboxReport Report(TimeSpan? window = null) => ReportBuilder.Build(_intake, _ledger, _options, window ?? _options.ReportWindow);

    /// <summary>
    /// How often each message was sent, by what the sender put into <c>message_data.seq</c> (of a broadcast: <c>data.seq</c>); messages without one are
    /// left out.
    /// </summary>
    public IReadOnlyDictionary<string, int> Sends() => _ledger.Sends();

    /// <summary>The report of one customer, by its decoded path value; null if nothing was processed for it.</summary>
    public CustomerReport? Customer(string customer) => _ledger.Customer(customer);

    /// <summary>The reports of the first <paramref name="limit"/> customers (default: all).</summary>
    public IReadOnlyList<CustomerReport> Customers(int limit = int.MaxValue) => _ledger.Customers(limit);

    /// <summary>Completes once <paramref name="operations"/> have taken effect since the start or the last reset.</summary>
    public Task WaitForProcessedAsync(long operations, CancellationToken cancellationToken = default) =>
        _ledger.WaitForProcessed(operations, cancellationToken);

    /// <summary>Deletes what was reported and recorded. The faults stay, and the limits keep what they have admitted.</summary>
    public void Reset()
    {
        _intake.Reset();
        _ledger.Reset();
        _recorder.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
        await _kestrel.StopAsync(patience.Token);
        _kestrel.Dispose();
        _stopping.Dispose();
    }

    private async Task Listen(CancellationToken cancellationToken)
    {
        var track = new TrackApi(_options, _intake, _ledger, _recorder, _timeProvider, _stopping.Token);
        var control = new ControlApi(this);
        var addresses = _kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        addresses.Add(_options.Url);
        await _kestrel.StartAsync(
            new SandboxApplication(context => context.Request.Path.StartsWithSegments(ControlApi.Root) ? control.Serve(context) : track.Serve(context)),
            cancellationToken);
        Url = new Uri(addresses.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }
}
