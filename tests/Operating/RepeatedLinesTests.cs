using CioOrleans.Silo.Observability;

namespace CioOrleans.Operating.Tests;

public sealed class RepeatedLinesTests
{
    private readonly RepeatedLines<string> _lines = new();

    [Fact]
    public void The_first_three_of_a_kind_are_written_and_the_rest_is_summed_up_in_periods_that_double()
    {
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(i => _lines.IsShown("lost", S(i))));
        Assert.Empty(_lines.TakeSums(S(9.9)));
        Assert.Equal([("lost", 2L, S(10))], _lines.TakeSums(S(10)));

        Assert.False(_lines.IsShown("lost", S(11)));
        Assert.Empty(_lines.TakeSums(S(29)));
        Assert.Equal([("lost", 1L, S(20))], _lines.TakeSums(S(30)));
    }

    [Fact]
    public void After_a_quiet_period_a_kind_is_written_again()
    {
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(i => _lines.IsShown("lost", S(i))));
        Assert.Single(_lines.TakeSums(S(10)));
        Assert.Empty(_lines.TakeSums(S(30)));

        Assert.True(_lines.IsShown("lost", S(31)));
    }

    [Fact]
    public void Kinds_are_counted_apart()
    {
        Assert.All(Enumerable.Range(0, 3), i => Assert.True(_lines.IsShown("one", S(i))));

        Assert.False(_lines.IsShown("one", S(3)));
        Assert.True(_lines.IsShown("other", S(3)));
    }

    [Fact]
    public void A_thousand_lines_a_second_of_thirty_kinds_for_a_minute_are_fewer_than_300()
    {
        var written = 0;
        for (var line = 0; line < 60_000; line++)
        {
            written += _lines.IsShown($"kind {line % 30}", S(line / 1000.0)) ? 1 : 0;
            written += line % 1000 == 0 ? _lines.TakeSums(S(line / 1000.0)).Count : 0;
        }

        Assert.InRange(written, 90, 300);
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
