using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Delivery.Forwarding;

/// <summary>How a caller that forwards a request asks for its permit.</summary>
public static class PassThroughs
{
    /// <summary>After an owner that moves the next one is asked this much later.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What the answer may take beyond the patience: two ways through the network.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a permit, through a move of the owner too.</summary>
    /// <param name="owner">The workspace.</param>
    /// <param name="limitClass">Whose tokens the request needs.</param>
    /// <param name="patience">The longest wait. The call itself returns or throws at most a second later, whatever becomes of the owner's silo.</param>
    /// <param name="time">Measures the wait.</param>
    /// <returns>A permit, or a refusal; never <see cref="PassThroughPermit.Moving"/>.</returns>
    /// <exception cref="TimeoutException">The owner did not answer.</exception>
    public static async Task<PassThroughPermit> AcquireAsync(this IWorkspaceGrain owner, LimitClass limitClass, TimeSpan patience, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (patience - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            var permit = await owner.AcquirePermit(limitClass, left).AsTask().WaitAsync(left + _grace, time);
            if (permit is not PassThroughPermit.Moving)
            {
                return permit;
            }

            await Task.Delay(_pause, time);
        }

        return PassThroughPermit.Moving.Refusal;
    }
}
