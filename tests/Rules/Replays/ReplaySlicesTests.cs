using CioOrleans.Grains.Replays;

namespace CioOrleans.Rules.Tests.Replays;

public sealed class ReplaySlicesTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Slices_of_an_empty_span_grow_and_end_where_the_span_ends()
    {
        var (slices, at, count) = (new ReplaySlices(), _noon, 0);
        var to = _noon.AddDays(30);
        for (; at < to; count++)
        {
            var end = slices.EndOf(at, to);
            Assert.True(end > at && end <= to);
            slices.OnRead(0);
            at = end;
        }

        Assert.Equal(to, at);
        Assert.InRange(count, 2, 24 * 31);
    }

    [Fact]
    public void A_slice_with_too_many_rows_becomes_shorter_until_it_cannot()
    {
        var slices = new ReplaySlices();
        var length = slices.EndOf(_noon, _noon.AddDays(1)) - _noon;
        var shortened = 0;
        while (slices.TryShorten())
        {
            var shorter = slices.EndOf(_noon, _noon.AddDays(1)) - _noon;
            Assert.True(shorter < length && shorter > TimeSpan.Zero);
            (length, shortened) = (shorter, shortened + 1);
        }

        Assert.InRange(shortened, 3, 10);
        slices.OnRead(ReplaySlices.MostRows);
        Assert.Equal(length, slices.EndOf(_noon, _noon.AddDays(1)) - _noon);
    }
}
