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
        Headers = [new("Content-Type", "application/json")],
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
        Headers =
        [
            new("Content-Type", "application/json; charset=utf-8"),
            new("X-Odd", " Gr\u00C3\u00BC\u00C3\u009Fe, :import \f\u0085\u0000 "),
            new("X-Odd", ":request "),
            new("X-Empty", ""),
        ],
        Notes = new CallNotes
        {
            Keys = [new(CallNote.RepeatedRequest, DuplicateKey.OfIdempotencyKey("ü")), new(CallNote.Key, DuplicateKey.OfIdempotencyKey("k", 1))],
            Import = Ulid.MaxValue,
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
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
