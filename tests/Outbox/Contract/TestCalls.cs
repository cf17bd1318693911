using System.Text;
using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Tests.Contract;

internal static class TestCalls
{
    private static long _milliseconds;

    public static DateTimeOffset Noon { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A call with an id of its own, later than that of every call before.</summary>
    public static Call Any(LimitClass limitClass = LimitClass.Track, int bodySize = 20) => new()
    {
        Id = Ulid.NewUlid(Noon.AddMilliseconds(Interlocked.Increment(ref _milliseconds))),
        Kind = CallKind.Event,
        LimitClass = limitClass,
        Method = "POST",
        Target = "/api/v1/customers/1/events",
        Headers = "Content-Type: application/json",
        Body = Encoding.UTF8.GetBytes(new string('x', bodySize)),
        AcceptedAt = Noon,
    };

    /// <summary>A call in which no field has its default or is plain ASCII.</summary>
    public static Call Odd() => Any() with
    {
        Kind = CallKind.Merge,
        LimitClass = LimitClass.Pipelines,
        Priority = CallPriority.Bulk,
        Method = "DELETE",
        Target = "/api/v1/customers/a%20b%2Fc%2Bd%40x.com%25%C3%A9?q=@:&=+$",
        Headers = "Content-Type: application/json; charset=utf-8\nX-Odd: Grüße, 世界 \ud83d\ude00",
        Body = [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
        AcceptedAt = Noon.AddTicks(1_234_567),
        OtherCustomer = "email:jürgen\u0000@例え.jp",
    };

    public static void AssertSame(Call expected, Call actual)
    {
        Assert.Equal(expected.Body, actual.Body);
        Assert.Equal(expected, actual with { Body = expected.Body });
    }
}
