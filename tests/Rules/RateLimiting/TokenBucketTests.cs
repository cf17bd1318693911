using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.RateLimiting;

public sealed class TokenBucketTests
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_bucket_that_was_not_started_has_no_tokens()
    {
        var bucket = new TokenBucket(new RateLimit(3, _window), TokenReturn.AfterResponse);

        Assert.Equal(0, bucket.Free(At(100_000)));
        Assert.Null(bucket.NextAt(At(100_000)));
    }

    [Fact]
    public void After_send_the_window_counts_from_when_the_request_really_left()
    {
        var bucket = Full(1, TokenReturn.AfterSend);
        bucket.Take(At(10_000));

        bucket.Sent(At(10_000), At(10_040));
        bucket.Return(At(10_000), At(10_060), At(10_060));

        Assert.Equal(At(11_045), bucket.NextAt(At(10_060)));
    }

    [Fact]
    public void After_response_when_it_left_changes_nothing()
    {
        var bucket = Full(1, TokenReturn.AfterResponse);
        bucket.Take(At(10_000));

        bucket.Sent(At(10_000), At(10_040));
        bucket.Return(At(10_000), At(10_060), At(10_060));

        Assert.Equal(At(11_060), bucket.NextAt(At(10_060)));
    }

    [Theory]
    [InlineData(TokenReturn.AfterResponse)]
    [InlineData(TokenReturn.AfterSend)]
    public void A_started_bucket_is_empty_until_a_window_after_the_predecessors_last_request(TokenReturn mode)
    {
        var bucket = new TokenBucket(new RateLimit(3, _window), mode);
        bucket.Start(quietFrom: At(500));

        Assert.Equal(At(1500), bucket.NextAt(At(0)));
        Assert.Equal(0, bucket.Free(At(1499)));
        Assert.Equal(3, bucket.Free(At(1500)));
    }

    [Fact]
    public void A_token_comes_back_one_window_after_the_response()
    {
        var bucket = Full(1, TokenReturn.AfterResponse);
        bucket.Take(At(1000));

        Assert.Null(bucket.NextAt(At(5000)));

        bucket.Return(takenAt: At(1000), respondedAt: At(5000), now: At(5010));

        Assert.Equal(At(6000), bucket.NextAt(At(5010)));
        Assert.Equal(0, bucket.Free(At(5999)));
        Assert.Equal(1, bucket.Free(At(6000)));
    }

    [Fact]
    public void A_token_comes_back_one_window_and_a_guard_after_the_sending()
    {
        var bucket = Full(1, TokenReturn.AfterSend);
        bucket.Take(At(1000));

        Assert.Equal(At(2005), bucket.NextAt(At(1000)));

        bucket.Return(takenAt: At(1000), respondedAt: At(1900), now: At(1900));

        Assert.Equal(At(2005), bucket.NextAt(At(1900)));
        Assert.Equal(1, bucket.Free(At(2005)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(100, 5)]
    [InlineData(250, 2)]
    [InlineData(1_000, 1)]
    public void The_guard_is_half_the_gap_between_two_requests_from_one_to_five_milliseconds(int permits, int guard)
    {
        var bucket = Full(permits, TokenReturn.AfterSend);
        for (var token = 0; token < permits; token++)
        {
            bucket.Take(At(5000));
        }

        Assert.Equal(At(6000 + guard), bucket.NextAt(At(5000)));
    }

    [Fact]
    public void A_response_dated_before_its_request_counts_from_the_request()
    {
        var bucket = Full(1, TokenReturn.AfterResponse);
        bucket.Take(At(1000));
        bucket.Return(takenAt: At(1000), respondedAt: At(400), now: At(1020));

        Assert.Equal(At(2000), bucket.NextAt(At(1020)));
    }

    [Theory]
    [InlineData(TokenReturn.AfterResponse)]
    [InlineData(TokenReturn.AfterSend)]
    public void An_unused_token_is_free_again_at_once(TokenReturn mode)
    {
        var bucket = Full(2, mode);
        bucket.Take(At(1000));
        bucket.Take(At(1010));
        bucket.Refund(takenAt: At(1000), now: At(1020));

        Assert.Equal(1, bucket.Free(At(1020)));
    }

    [Fact]
    public void A_token_refunded_after_it_came_back_is_not_freed_twice()
    {
        var bucket = Full(1, TokenReturn.AfterSend);
        bucket.Take(At(1000));

        Assert.Equal(1, bucket.Free(At(2005)));

        bucket.Refund(takenAt: At(1000), now: At(2006));

        Assert.Equal(1, bucket.Free(At(2006)));
    }

    [Fact]
    public void Taking_from_an_empty_bucket_is_a_mistake() =>
        Assert.Throws<InvalidOperationException>(() => new TokenBucket(new RateLimit(1, _window), TokenReturn.AfterResponse).Take(At(0)));

    /// <summary>Requests of any latency, taken as soon as possible after any pause, some of them not sent after all.</summary>
    [Fact]
    public void No_window_holds_more_arrivals_than_permits() => Gen.Select(Gen.Int[1, 20], _steps).Sample((permits, steps) =>
    {
        var bucket = Full(permits, TokenReturn.AfterResponse);
        var (now, arrivals, open) = (At(1000), new List<TimeSpan>(), new PriorityQueue<(TimeSpan TakenAt, TimeSpan EndsAt), TimeSpan>());
        foreach (var (pause, wayOut, wayBack, isSent) in steps)
        {
            now += At(pause);
            while (bucket.NextAt(now) is not { } next || next > now)
            {
                now = open.Count > 0 && !(bucket.NextAt(now) <= open.Peek().EndsAt) ? End(bucket, open, now) : Later(bucket.NextAt(now)!.Value, now);
            }

            bucket.Take(now);
            if (isSent)
            {
                arrivals.Add(now + At(wayOut));
                open.Enqueue((now, now + At(wayOut + wayBack)), now + At(wayOut + wayBack));
            }
            else
            {
                bucket.Refund(now, now);
            }
        }

        arrivals.Sort();
        for (var i = permits; i < arrivals.Count; i++)
        {
            Assert.True(arrivals[i] - arrivals[i - permits] >= _window);
        }
    });

    /// <summary>Nothing is ever lost or made: what was taken and ended is free again after the last window.</summary>
    [Fact]
    public void All_tokens_are_there_again_in_the_end() => Gen.Select(Gen.Int[1, 20], Gen.Enum<TokenReturn>(), _steps).Sample((permits, mode, steps) =>
    {
        var bucket = Full(permits, mode);
        var now = At(1000);
        foreach (var (pause, wayOut, wayBack, isSent) in steps)
        {
            now = Later(bucket.NextAt(now)!.Value, now);
            bucket.Take(now);
            var takenAt = now;
            now += At(pause);
            if (isSent)
            {
                bucket.Return(takenAt, takenAt + At(wayOut + wayBack), now);
            }
            else
            {
                bucket.Refund(takenAt, now);
            }

            Assert.InRange(bucket.Free(now), 0, permits);
        }

        Assert.Equal(permits, bucket.Free(now + TimeSpan.FromMinutes(1)));
    });

    private static readonly Gen<(int Pause, int WayOut, int WayBack, bool IsSent)[]> _steps =
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 700], Gen.Int[0, 700], Gen.Int[0, 9].Select(n => n > 0)).Array[1, 200];

    private static TimeSpan End(TokenBucket bucket, PriorityQueue<(TimeSpan TakenAt, TimeSpan EndsAt), TimeSpan> open, TimeSpan now)
    {
        var (takenAt, endsAt) = open.Dequeue();
        now = Later(endsAt, now);
        bucket.Return(takenAt, endsAt, now);
        return now;
    }

    private static TokenBucket Full(int permits, TokenReturn mode)
    {
        var bucket = new TokenBucket(new RateLimit(permits, _window), mode);
        bucket.Start(At(0));
        return bucket;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
