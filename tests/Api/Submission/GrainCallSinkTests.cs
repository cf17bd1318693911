using System.Reflection;
using CioOrleans.Addressing;
using CioOrleans.Api.Admission;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Client;
using CioOrleans.Customers;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Api.Tests.Submission;

public sealed class GrainCallSinkTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

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

    private readonly GrainKeys _keys = new();
    private readonly SetClock _clock = new();
    private readonly FakeTimeProvider _time = new();

    public GrainCallSinkTests() => _keys.Use(new byte[GrainKeys.SecretBytes]);

    public void Dispose() => _keys.Dispose();

    public static TheoryData<Exception> Failures => [new TimeoutException(), new SiloUnavailableException(), new InvalidOperationException()];

    [Fact]
    public async Task A_call_reaches_the_grain_of_its_customer_with_a_deadline()
    {
        List<object?> seen = [];
        var sink = Sink(args =>
        {
            seen.AddRange(args);
            return ValueTask.FromResult<AcceptResult>(AcceptResult.Accepted.Instance);
        }, seen);

        Assert.Same(AcceptResult.Accepted.Instance, await sink.AcceptAsync("acme", "id:a/b", _call));
        Assert.Equal([_keys.Of(new CustomerAddress("acme", "id:a/b")), _call, new AcceptDeadline(_clock.Bounds.Latest + AcceptDeadline.Length)], seen);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_accept_that_fails_is_uncertain_and_not_answered_before_its_deadline_has_passed_for_certain(Exception failure)
    {
        Func<GrainCallSink, Task<AcceptResult>>[] accepts =
        [
            async sink => await sink.AcceptAsync("acme", "id:1", _call),
            async sink => await sink.AcceptAsync("acme", "id:1", _call with { Kind = CallKind.Merge, OtherCustomer = "id:2" }),
            async sink => Assert.Single(await sink.AcceptManyAsync("acme", "id:1", [_call, _call])),
        ];
        foreach (var fail in new Func<object?[], object>[] { _ => ValueTask.FromException<AcceptResult>(failure), _ => throw failure })
        {
            foreach (var accept in accepts)
            {
                _clock.Bounds = new ClockBounds(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(101));
                var answer = accept(Sink(fail, []));

                await PassAsync(new ClockBounds(TimeSpan.FromSeconds(105.999), TimeSpan.FromSeconds(200)));
                Assert.False(answer.IsCompleted);

                await PassAsync(new ClockBounds(TimeSpan.FromSeconds(106), TimeSpan.FromSeconds(200)));
                Assert.Equal(new AcceptResult.Uncertain("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1)), await answer.WaitAsync(_patience, TimeProvider.System));
            }
        }
    }

    [Fact]
    public async Task A_key_that_the_grain_refuses_is_told_at_once_and_as_not_accepted()
    {
        var sink = Sink(_ => ValueTask.FromException<AcceptResult>(new OrleansException("The activation failed.", new WrongGrainKeyException("acme"))), []);
        var refusal = new AcceptResult.Unavailable("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(10));

        Assert.Equal(refusal, await sink.AcceptAsync("acme", "id:1", _call).AsTask().WaitAsync(_patience, TimeProvider.System));
        Assert.Equal(refusal, Assert.Single(await sink.AcceptManyAsync("acme", "id:1", [_call]).AsTask().WaitAsync(_patience, TimeProvider.System)));
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_grain_while_the_lease_clock_is_not_known()
    {
        _clock.Bounds = ClockBounds.Unknown;
        var sink = Sink(_ => throw new InvalidOperationException("No grain is asked."), []);

        Assert.IsType<AcceptResult.Unavailable>(await sink.AcceptAsync("acme", "id:1", _call));
        Assert.IsType<AcceptResult.Unavailable>(Assert.Single(await sink.AcceptManyAsync("acme", "id:1", [_call])));
    }

    /// <summary>Lets the longest pause pass between two looks at the clock.</summary>
    private async Task PassAsync(ClockBounds bounds)
    {
        var looks = _clock.Looks;
        _clock.Bounds = bounds;
        var began = TimeProvider.System.GetTimestamp();
        while (_clock.Looks == looks && TimeProvider.System.GetElapsedTime(began) < _patience)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private GrainCallSink Sink(Func<object?[], object> accept, List<object?> keys)
    {
        object Answer(MethodInfo method, object?[] args)
        {
            var answer = accept(args);
            return method.Name == nameof(ICustomerGrain.AcceptMany) && answer is ValueTask<AcceptResult> { IsFaulted: true } failed
                ? ValueTask.FromException<IReadOnlyList<AcceptResult>>(failed.AsTask().Exception!.InnerException!)
                : answer;
        }

        var factory = FakeGrains.Create<IGrainFactory>((method, args) =>
        {
            keys.Add(args[0]);
            return method.GetGenericArguments()[0] == typeof(IMergeGrain) ? FakeGrains.Create<IMergeGrain>(Answer) : FakeGrains.Create<ICustomerGrain>(Answer);
        });
        return new GrainCallSink(
            factory,
            _keys,
            new AdmissionGate(factory, [], TimeProvider.System),
            new CallSubmitter(factory, _keys, new AcceptDeadlines(_clock, _time), NullLogger<CallSubmitter>.Instance),
            _time,
            NullLogger<GrainCallSink>.Instance);
    }

    private sealed class SetClock : ILeaseClock
    {
        private int _looks;

        public ClockBounds Bounds { get; set; } = new(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(101));

        public int Looks => Volatile.Read(ref _looks);

        public ValueTask<ClockBounds> ReadAsync()
        {
            Interlocked.Increment(ref _looks);
            return new(Bounds);
        }
    }
}
