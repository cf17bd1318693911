namespace CioOrleans.EndToEnd.Wire;

/// <summary>One dispatcher and its Customer.io for the tests of a class that run one after the other and only look at what goes in and out.</summary>
public sealed class SharedWire : IAsyncLifetime
{
    private readonly DataFolder _data = new();
    private int _readOutput;

    internal Dispatcher Dispatcher { get; private set; } = null!;

    internal RawCustomerIo CustomerIo { get; } = new();

    /// <summary>The settings of a workspace whose every road leads to <paramref name="customerIo"/> and is wide.</summary>
    internal static (string Key, string Value)[] SettingsFor(Uri customerIo) =>
    [
        ("AppApiKey", "app"), ("PipelinesWriteKey", "write"), ("PipelinesUrl", $"{customerIo}"),
        ("Limits__query", "1000/1s"), ("Limits__broadcast", "query"), ("Limits__identify", "1000/1s"),
        ("Dispatcher__Workspaces__other__SiteId", "other"), ("Dispatcher__Workspaces__other__ApiKey", "other"),

        // The operations of a batch reach their customers' grains one by one, and on a busy machine far apart. They shall leave in one request.
        ("Batching__Linger", "1s"),
    ];

    public async ValueTask InitializeAsync() => Dispatcher = await Dispatcher.StartAsync(_data, CustomerIo.Url, SettingsFor(CustomerIo.Url));

    public async ValueTask DisposeAsync()
    {
        await Dispatcher.DisposeAsync();
        await CustomerIo.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>A test begins: nothing of the one before it waits for delivery, or is looked at again.</summary>
    internal async Task BeginAsync()
    {
        await Dispatcher.WaitUntilEmptyAsync();
        CustomerIo.Forget();
        _readOutput = Dispatcher.Output.Length;
    }

    /// <summary>What the dispatcher has written since the test began.</summary>
    internal string Output => Dispatcher.Output[_readOutput..];
}
