namespace CioOrleans.Simulation.Sends;

/// <summary>Lets asynchronous code run in virtual time: what waits goes on when its event comes, on the one thread of the simulation.</summary>
internal static class Waits
{
    public static Task PauseAsync(this EventQueue events, TimeSpan pause)
    {
        var over = new TaskCompletionSource();
        events.In(pause, over.SetResult);
        return over.Task;
    }

    /// <summary>Keeps what goes on after an await on the simulation's thread, as an event of its own.</summary>
    public sealed class Context(EventQueue events) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) => events.In(TimeSpan.Zero, () => callback(state));
    }
}
