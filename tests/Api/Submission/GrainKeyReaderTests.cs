using System.Collections.Immutable;
using CioOrleans.Addressing;
using CioOrleans.Client;
using CioOrleans.Customers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Api.Tests.Submission;

/// <summary>A client of a cluster, which asks silos for the secret of the grain keys.</summary>
public sealed class GrainKeyReaderTests : IDisposable
{
    private static readonly ImmutableArray<byte> _first = [.. Enumerable.Repeat((byte)1, GrainKeys.SecretBytes)];
    private static readonly ImmutableArray<byte> _second = [.. Enumerable.Repeat((byte)2, GrainKeys.SecretBytes)];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly GrainKeys _keys = new();
    private readonly GrainKeyReader _reader;
    private Func<ValueTask<ImmutableArray<byte>>> _answer = () => new(_first);
    private int _asked;

    public GrainKeyReaderTests() => _reader = new GrainKeyReader(
        FakeGrains.Create<IGrainFactory>((_, _) => FakeGrains.Create<IGrainKeyGrain>((_, _) =>
        {
            Interlocked.Increment(ref _asked);
            return _answer();
        })),
        _keys,
        _time,
        NullLogger<GrainKeyReader>.Instance);

    public void Dispose()
    {
        _reader.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public async Task A_client_has_started_once_it_knows_the_secret_and_reads_it_again_every_ten_seconds()
    {
        _answer = () => throw new TimeoutException();
        var start = _reader.StartAsync(CancellationToken.None);
        await PassUntilAsync(() => Volatile.Read(ref _asked) >= 3, TimeSpan.FromMilliseconds(500));
        Assert.False(start.IsCompleted);

        _answer = () => new(_first);
        await PassUntilAsync(() => start.IsCompleted, TimeSpan.FromMilliseconds(500));
        await start;
        Assert.Equal(_first, _keys.Secret.ToArray());
        var key = _keys.Of(new CustomerAddress("acme", "id:1"));

        // A failure changes nothing; the silos of another database change all keys.
        var asked = Volatile.Read(ref _asked);
        _answer = () => throw new TimeoutException();
        await PassUntilAsync(() => Volatile.Read(ref _asked) > asked, GrainKeyReader.Every);
        Assert.Equal(key, _keys.Of(new CustomerAddress("acme", "id:1")));
        _answer = () => new(_second);
        await PassUntilAsync(() => _keys.Secret.Span.SequenceEqual(_second.AsSpan()), GrainKeyReader.Every);

        Assert.Throws<WrongGrainKeyException>(() => _keys.ReadCustomer(key));
        await _reader.StopAsync(CancellationToken.None).WaitAsync(_patience, TimeProvider.System);
    }

    [Fact]
    public async Task A_client_that_no_silo_tells_the_secret_does_not_start_and_says_why()
    {
        // As a silo that has not opened its database would.
        _answer = () => new(ImmutableArray<byte>.Empty);
        var start = _reader.StartAsync(CancellationToken.None);

        await PassUntilAsync(() => start.IsCompleted, TimeSpan.FromMilliseconds(500));

        Assert.StartsWith("No silo has told the secret of the grain keys within 30 s (", (await Assert.ThrowsAsync<IOException>(() => start)).Message, StringComparison.Ordinal);
    }

    private async Task PassUntilAsync(Func<bool> isSo, TimeSpan step)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < _patience, "What was waited for did not come.");
            _time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
