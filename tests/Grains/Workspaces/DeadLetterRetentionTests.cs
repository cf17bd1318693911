using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Grains.Workspaces;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Workspaces;

public sealed class DeadLetterRetentionTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public async Task Letters_are_deleted_once_they_have_been_dead_for_as_long_as_they_are_kept()
    {
        await using var letters = await Letters.OpenAsync();
        var retention = letters.Retention(TimeSpan.FromHours(24), _time);
        var now = _time.GetUtcNow();
        for (var old = 0; old < 250; old++)
        {
            await letters.BuryAsync(acceptedAt: now.AddHours(-30), diedAt: now.AddHours(-25));
        }

        var diedLate = await letters.BuryAsync(acceptedAt: now.AddHours(-40), diedAt: now.AddHours(-23));
        var young = await letters.BuryAsync(acceptedAt: now.AddHours(-3), diedAt: now.AddHours(-2));

        Assert.Equal(250, await retention.ForgetAsync(CancellationToken.None));
        Assert.Equal([diedLate, young], await letters.ReadAsync());

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await retention.ForgetAsync(CancellationToken.None));
        Assert.Equal([young], await letters.ReadAsync());
    }

    [Fact]
    public async Task It_looks_every_ten_minutes()
    {
        await using var letters = await Letters.OpenAsync();
        var retention = letters.Retention(TimeSpan.FromHours(1), _time);
        Assert.Equal(0, await retention.ForgetAsync(CancellationToken.None));
        await letters.BuryAsync(_time.GetUtcNow().AddHours(-5), _time.GetUtcNow().AddHours(-4));

        _time.Advance(DeadLetterRetention.Every - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await retention.ForgetAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await retention.ForgetAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Without_the_setting_letters_are_kept_for_ever()
    {
        await using var letters = await Letters.OpenAsync();
        var letter = await letters.BuryAsync(_time.GetUtcNow().AddYears(-20), _time.GetUtcNow().AddYears(-20));

        Assert.Equal(0, await letters.Retention(keep: null, _time).ForgetAsync(CancellationToken.None));
        Assert.Equal([letter], await letters.ReadAsync());
    }

    /// <summary>An outbox in a file, with dead letters of one customer.</summary>
    private sealed class Letters : IAsyncDisposable
    {
        private static readonly CustomerAddress _customer = new("acme", "id:1");

        private readonly string _folder = Directory.CreateTempSubdirectory("cio-letters-").FullName;
        private readonly SqliteOutbox _outbox;
        private long _sequence;

        private Letters() => _outbox = new SqliteOutbox($"Data Source={Path.Combine(_folder, "cio.db")}", TimeProvider.System, NullLogger<SqliteOutbox>.Instance);

        public static async Task<Letters> OpenAsync()
        {
            var letters = new Letters();
            await letters._outbox.StartAsync();
            return letters;
        }

        public DeadLetterRetention Retention(TimeSpan? keep, TimeProvider time) => new(_outbox, "acme", keep, time);

        public async Task<Ulid> BuryAsync(DateTimeOffset acceptedAt, DateTimeOffset diedAt)
        {
            var call = CallQueueTests.NewCall() with { Id = Ulid.NewUlid(acceptedAt), AcceptedAt = acceptedAt };
            Assert.IsType<AppendResult.Appended>(await _outbox.AppendAsync(_customer, ++_sequence, call));
            Assert.IsType<WriteResult.Written>(await _outbox.DeadLetterAsync(new RowKey(_customer, _sequence, call.Id), 1, "400", diedAt));
            return call.Id;
        }

        public async Task<IReadOnlyList<Ulid>> ReadAsync() => [.. (await _outbox.ReadDeadLettersAsync("acme", null, 1000)).DeadLetters.Select(letter => letter.Call.Id)];

        public async ValueTask DisposeAsync()
        {
            await _outbox.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
