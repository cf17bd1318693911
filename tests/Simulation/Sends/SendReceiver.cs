using CioOrleans.Attempts;

namespace CioOrleans.Simulation.Sends;

/// <summary>Customer.io: what a request comes to, and how many messages of each key went out.</summary>
internal sealed class SendReceiver(EventQueue events, Random random, SendFaults faults)
{
    private readonly Dictionary<int, int> _messages = [];

    public int MessagesOf(int key) => _messages.GetValueOrDefault(key);

    /// <summary>The status, or how the request failed. It goes on although the silo that sent it dies.</summary>
    public async Task<(int? Status, FailureKind? Failure)> SendAsync(int key)
    {
        if (random.Happens(faults.Unreachable))
        {
            return (null, FailureKind.Unreachable);
        }

        await events.PauseAsync(random.UpTo(TimeSpan.FromMilliseconds(30)));
        var (status, goesOut, isLost) = Draw();
        if (goesOut)
        {
            _messages[key] = MessagesOf(key) + 1;
        }

        await events.PauseAsync(random.UpTo(TimeSpan.FromMilliseconds(30)));
        return isLost ? (null, random.OneOf(FailureKind.TimedOut, FailureKind.ConnectionLost)) : (status, null);
    }

    private (int Status, bool GoesOut, bool IsLost) Draw() =>
        random.Happens(faults.Throttled) ? (429, false, false)
        : random.Happens(faults.Refused) ? (400, false, false)
        : random.Happens(faults.ServerError) ? (random.OneOf(500, 503), random.Happens(0.5), false)
        : random.Happens(faults.ResponseLost) ? (200, random.Happens(0.5), true)
        : (200, true, false);
}
