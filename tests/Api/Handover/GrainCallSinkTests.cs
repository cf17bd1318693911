using CioOrleans.Api.Admission;
using CioOrleans.Api.Handover;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Api.Tests.Handover;

public sealed class GrainCallSinkTests
{
    private static readonly Call _call = new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Identify,
        Method = "PUT",
        Target = "/api/v1/customers/a%2Fb",
        Headers = [],
        Body = [],
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };

    public static TheoryData<Exception> Failures => [new TimeoutException(), new SiloUnavailableException(), new InvalidOperationException()];

    [Fact]
    public async Task A_call_reaches_the_grain_of_its_customer()
    {
        List<object?> seen = [];
        var sink = Sink(call =>
        {
            seen.Add(call);
            return ValueTask.FromResult<AcceptResult>(AcceptResult.Accepted.Instance);
        }, seen);

        Assert.Same(AcceptResult.Accepted.Instance, await sink.AcceptAsync("acme", "id:a/b", _call));
        Assert.Equal(["acme/id:a/b", _call], seen);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_grain_that_cannot_be_reached_means_try_again_in_a_second(Exception failure)
    {
        var late = await Sink(_ => ValueTask.FromException<AcceptResult>(failure), []).AcceptAsync("acme", "id:1", _call);
        var atOnce = await Sink(_ => throw failure, []).AcceptAsync("acme", "id:1", _call);

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<AcceptResult.Unavailable>(late).RetryAfter);
        Assert.Equal(late, atOnce);
    }

    private static GrainCallSink Sink(Func<Call, ValueTask<AcceptResult>> accept, List<object?> keys)
    {
        var grain = FakeGrains.Create<ICustomerGrain>((_, args) => accept((Call)args[0]!));
        var factory = FakeGrains.Create<IGrainFactory>((_, args) =>
        {
            keys.Add(args[0]);
            return grain;
        });
        return new GrainCallSink(factory, new AdmissionGate(factory, [], TimeProvider.System), NullLogger<GrainCallSink>.Instance);
    }
}
