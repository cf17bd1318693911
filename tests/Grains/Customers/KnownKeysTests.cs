using CioOrleans.Calls;
using CioOrleans.Grains.Customers;

namespace CioOrleans.Customers;

public sealed class KnownKeysTests
{
    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly KnownKeys _known = new();

    [Fact]
    public void A_key_is_known_once_its_call_was_accepted()
    {
        Assert.False(_known.IsKnown(Key(1), DateTimeOffset.MinValue));

        _known.Remember(Key(1), _noon);

        Assert.True(_known.IsKnown(Key(1), DateTimeOffset.MinValue));
        Assert.False(_known.IsKnown(Key(2), DateTimeOffset.MinValue));
    }

    [Fact]
    public void A_key_is_known_since_its_last_accept()
    {
        _known.Remember(Key(1), _noon);

        Assert.True(_known.IsKnown(Key(1), _noon));
        Assert.False(_known.IsKnown(Key(1), _noon.AddTicks(1)));
        _known.Remember(Key(1), _noon.AddTicks(1));
        Assert.True(_known.IsKnown(Key(1), _noon.AddTicks(1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(KnownKeys.Capacity)]
    [InlineData(KnownKeys.Capacity + 1)]
    [InlineData((3 * KnownKeys.Capacity) + 7)]
    public void The_last_keys_are_known_and_no_others(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _known.Remember(Key(i), _noon);
        }

        var oldest = Math.Max(0, count - KnownKeys.Capacity);
        Assert.Equal(Enumerable.Range(oldest, count - oldest), Enumerable.Range(0, count).Where(i => _known.IsKnown(Key(i), _noon)));
    }

    [Fact]
    public void Of_two_calls_of_one_key_on_their_way_the_first_decides()
    {
        var first = new TaskCompletionSource<AcceptResult>().Task;
        var second = new TaskCompletionSource<AcceptResult>().Task;

        _known.Begin(Key(1), first);
        _known.Begin(Key(1), second);
        Assert.Same(first, _known.Pending(Key(1)));
        _known.End(Key(1), second);
        Assert.Same(first, _known.Pending(Key(1)));
        _known.End(Key(1), first);

        Assert.Null(_known.Pending(Key(1)));
    }

    private static DuplicateKey Key(int number) => DuplicateKey.OfIdempotencyKey($"{number}");
}
