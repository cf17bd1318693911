using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// The accepts that one activation of a customer's grain takes without messages. They run in its turns, in the order in which they were queued. Orleans does not know of
/// them, so this class does what Orleans does for messages: the activation ends only after the last of them, and none begins once it is leaving.
/// </summary>
internal sealed class LocalAccepts(ICustomerActivation activation)
{
    /// <summary>
    /// The maximum time between two messages. Orleans deactivates a grain that gets none for two minutes. A message also reaches the grain's next activation, if this one
    /// has ended without being asked to leave.
    /// </summary>
    public static readonly TimeSpan MessageEvery = TimeSpan.FromMinutes(1);

    private readonly ICustomerActivation _activation = activation;
    private long _lastMessage;
    private int _running;
    private bool _isLeaving;
    private TaskCompletionSource? _ended;

    /// <summary>Whether the next accept must be passed as a message. Safe for use from all threads.</summary>
    public bool NeedMessage(TimeProvider time) => time.GetElapsedTime(Volatile.Read(ref _lastMessage)) >= MessageEvery;

    /// <summary>An accept has come as a message.</summary>
    public void OnMessage(TimeProvider time) => Volatile.Write(ref _lastMessage, time.GetTimestamp());

    /// <summary>Accepts a call in a turn of the activation. The result is null if the activation is leaving. Safe for use from all threads.</summary>
    public Task<AcceptResult?> QueueAsync(Call call, AcceptDeadline deadline)
    {
        var accept = new Accept(this, call, deadline);
        if (ExecutionContext.IsFlowSuppressed())
        {
            _activation.Queue(accept.ToTurn());
        }
        else
        {
            // What the grain does outlives the request, and must not keep the request's log scopes and trace.
            using (ExecutionContext.SuppressFlow())
            {
                _activation.Queue(accept.ToTurn());
            }
        }

        return accept.Task;
    }

    /// <summary>The activation is leaving: no further accept begins. The task ends with the last accept that runs. Call it in a turn.</summary>
    public Task LeaveAsync()
    {
        _isLeaving = true;
        if (_running == 0)
        {
            return Task.CompletedTask;
        }

        _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _ended.Task;
    }

    private sealed class Accept(LocalAccepts accepts, Call call, AcceptDeadline deadline) : TaskCompletionSource<AcceptResult?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Task ToTurn() => new(static accept => ((Accept)accept!).Run(), this);

        private void Run()
        {
            if (accepts._isLeaving)
            {
                SetResult(null);
                return;
            }

            accepts._running++;
            RunAsync().Ignore();
        }

        private async Task RunAsync()
        {
            try
            {
                SetResult(await accepts._activation.AcceptAsync(call, deadline));
            }
            catch (Exception exception)
            {
                SetException(exception);
            }
            finally
            {
                if (--accepts._running == 0)
                {
                    accepts._ended?.SetResult();
                }
            }
        }
    }
}
