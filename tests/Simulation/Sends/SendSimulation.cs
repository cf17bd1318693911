using System.Globalization;
using System.Runtime.ExceptionServices;
using CioOrleans.Customers;

namespace CioOrleans.Simulation.Sends;

/// <summary>
/// Callers who repeat sends under keys, silos that die, a store whose answers get lost, and Customer.io: in virtual time, from one seed.
/// Checked is: each key sends one message at most; every caller gets an answer; all callers of a key get the same one; and it is true.
/// </summary>
internal sealed class SendSimulation
{
    private const int Silos = 3;
    private const int Queues = 8;

    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _permitLife = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _requestLife = TimeSpan.FromMilliseconds(100);

    private readonly int _seed;
    private readonly Random _random;
    private readonly SendFaults _faults;
    private readonly SendDefect _defect;
    private readonly VirtualTime _time = new();
    private readonly EventQueue _events;
    private readonly SendStore _store;
    private readonly SendReceiver _receiver;
    private readonly SendSilo[] _silos = new SendSilo[Silos];
    private readonly SendActivation?[] _lastDelivered = new SendActivation?[Queues];
    private readonly Dictionary<int, List<(bool IsSame, SendEnd End, int Status)>> _told = [];
    private int _waitingCallers;
    private Exception? _failure;
    private long _ids;

    public SendSimulation(int seed, SendFaults faults, SendDefect defect = SendDefect.None)
    {
        _seed = seed;
        _random = new Random(seed);
        _faults = faults;
        _defect = defect;
        _events = new EventQueue(_time);
        _store = new SendStore(_events, _random, faults, defect);
        _receiver = new SendReceiver(_events, _random, faults);
    }

    /// <summary>Runs until every caller has its answer.</summary>
    /// <returns>How many callers were told each answer.</returns>
    public IReadOnlyDictionary<string, int> Run(int keys)
    {
        // On a thread of its own, with a context of its own: whatever goes on after an await does so there, one after the other.
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                SynchronizationContext.SetSynchronizationContext(new Waits.Context(_events));
                RunToEnd(keys);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return _told.Values.SelectMany(answers => answers)
            .GroupBy(answer => answer.IsSame ? $"{answer.End} {answer.Status}" : "other content")
            .ToDictionary(group => group.Key, group => group.Count());
    }

    private void RunToEnd(int keys)
    {
        Start(keys);
        while (_failure is null && _waitingCallers > 0 && _time.Now < _longest && _events.Step())
        {
        }

        Judge(keys);
    }

    private void Start(int keys)
    {
        for (var i = 0; i < Silos; i++)
        {
            _silos[i] = new SendSilo();
        }

        for (var queue = 0; queue < Queues; queue++)
        {
            _ = FollowAsync(DeliverAsync(queue));
        }

        if (_faults.Crashes > TimeSpan.Zero)
        {
            _ = FollowAsync(CrashAsync());
        }

        for (var key = 0; key < keys; key++)
        {
            _told.Add(key, []);
            for (var callers = _random.Next(1, 4); callers > 0; callers--)
            {
                _waitingCallers++;
                _ = FollowAsync(CallAsync(key, _random.UpTo(TimeSpan.FromMilliseconds(20 * keys)), saysOtherwise: _random.Happens(0.03)));
            }
        }
    }

    private async Task CallAsync(int key, TimeSpan start, bool saysOtherwise)
    {
        await _events.PauseAsync(start);
        var sendKey = SendKey.Of(key.ToString(CultureInfo.InvariantCulture), "/v1/send/email", "/v1/send/email", saysOtherwise ? "other"u8 : "{}"u8);
        while (_time.Now < _longest)
        {
            try
            {
                var id = NewId();
                switch (await AnsweredAsync(AnyActivation(_random.Next(Queues)).AcceptAsync(key, sendKey, id)))
                {
                    case KeyedAccept.OtherContent:
                        Tell(key, isSame: false, SendEnd.Absent, 0);
                        return;

                    case KeyedAccept.Bound bound when await WaitAsync(bound.Binding) is var (end, status) && end != SendEnd.Waiting:
                        Tell(key, isSame: true, end, status);
                        return;
                }
            }
            catch (SiloDiedException)
            {
            }

            await _events.PauseAsync(_random.UpTo(TimeSpan.FromMilliseconds(300)));
        }
    }

    private async Task<(SendEnd End, int Status)> WaitAsync(SendBinding binding)
    {
        var queue = int.Parse(binding.Customer, CultureInfo.InvariantCulture);
        for (var looks = 0; looks < 5; looks++)
        {
            var (end, status) = await AnsweredAsync(AnyActivation(queue).LookAsync(binding.CallId));
            if (end != SendEnd.Waiting)
            {
                return (end, status);
            }

            await _events.PauseAsync(_random.UpTo(TimeSpan.FromMilliseconds(100)));
        }

        return (SendEnd.Waiting, 0);
    }

    private async Task DeliverAsync(int queue)
    {
        while (_time.Now < _longest)
        {
            var activation = AnyActivation(queue);
            try
            {
                // The owner does not wait for ever: once the permit and a request under it must have ended, it goes on without the report.
                var delivery = activation.DeliverAsync(wasLast: ReferenceEquals(_lastDelivered[queue], activation), _time.Now + _permitLife);
                var hasReported = await Task.WhenAny(delivery, _events.PauseAsync(_permitLife + _requestLife)) == delivery;
                _lastDelivered[queue] = hasReported ? activation : null;
                if (hasReported)
                {
                    await delivery;
                }
            }
            catch (SiloDiedException)
            {
                // The owner waits until the request that was under way must have ended.
                await _events.PauseAsync(_requestLife);
            }

            await _events.PauseAsync(_random.UpTo(TimeSpan.FromMilliseconds(10)));
        }
    }

    private async Task CrashAsync()
    {
        while (_time.Now < _longest)
        {
            await _events.PauseAsync(_random.Exponential(_faults.Crashes));
            var dies = _random.Next(Silos);
            _silos[dies].IsDead = true;
            _silos[dies] = new SendSilo();
        }
    }

    /// <summary>Usually the queue's home; a twin on another silo now and then.</summary>
    private SendActivation AnyActivation(int queue)
    {
        var silo = _silos[_random.Happens(_faults.Twin) ? _random.Next(Silos) : queue % Silos];
        var name = queue.ToString(CultureInfo.InvariantCulture);
        if (!silo.Activations.TryGetValue(name, out var activation))
        {
            silo.Activations.Add(name, activation = new SendActivation(name, silo, NewId().ToGuid(), _store, _receiver, _time, _defect));
        }

        return activation;
    }

    private async Task<T> AnsweredAsync<T>(Task<T> call)
    {
        var result = await call;
        return _random.Happens(_faults.GrainAnswerLost) ? throw new SiloDiedException() : result;
    }

    private void Tell(int key, bool isSame, SendEnd end, int status)
    {
        _told[key].Add((isSame, end, status));
        _waitingCallers--;
    }

    private void Judge(int keys)
    {
        if (_failure is not null)
        {
            throw new InvalidOperationException("The model itself failed.", _failure);
        }

        Expect(_waitingCallers == 0, $"{_waitingCallers} callers have no answer, {_store.Waiting} sends wait");
        for (var key = 0; key < keys; key++)
        {
            var messages = _receiver.MessagesOf(key);
            Expect(messages <= 1, $"{messages} messages went out under key {key}");
            var answers = _told[key].Where(answer => answer.IsSame).Distinct().ToArray();
            Expect(answers.Length <= 1, $"the callers of key {key} were told different answers: {string.Join(", ", answers)}");
            foreach (var (_, end, status) in answers)
            {
                Expect(end != SendEnd.Absent, $"a caller of key {key} was told that there is no such send");
                Expect(end != SendEnd.Answered || messages == (status == 200 ? 1 : 0), $"a caller of key {key} was told {status}, and {messages} messages went out");
            }
        }
    }

    private void Expect(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new SimulationFailedException(_seed, _time.Now, otherwise);
        }
    }

    private Ulid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes[8..], ++_ids);
        return new Ulid(bytes);
    }

    private async Task FollowAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }
}
