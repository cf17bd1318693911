namespace CioOrleans.Testing;

/// <summary>Waits that end, and say what they waited for.</summary>
public static class Wait
{
    /// <summary>
    /// The pause between two questions is a tenth of the time waited so far, within these bounds in milliseconds: each question takes processor time from what is
    /// waited for.
    /// </summary>
    private const double ShortestPause = 20, LongestPause = 250;

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <param name="what">Completes the sentence "... did not come within a minute".</param>
    /// <param name="bound">The longest wait.</param>
    /// <param name="isReached">The question.</param>
    /// <exception cref="TimeoutException">The answer was not yes within <paramref name="bound"/>.</exception>
    public static async Task UntilAsync(string what, TimeSpan bound, Func<Task<bool>> isReached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isReached())
        {
            var waited = TimeProvider.System.GetElapsedTime(began);
            if (waited > bound)
            {
                throw new TimeoutException($"{what} did not come within {bound.TotalSeconds:0} s.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(waited.TotalMilliseconds / 10, ShortestPause, LongestPause)), TimeProvider.System);
        }
    }

    /// <inheritdoc cref="UntilAsync(string, TimeSpan, Func{Task{bool}})"/>
    public static Task UntilAsync(string what, TimeSpan bound, Func<bool> isReached) => UntilAsync(what, bound, () => Task.FromResult(isReached()));

    /// <summary>Asks again and again until there is an answer, and returns it.</summary>
    /// <param name="what">Completes the sentence "... did not come within a minute".</param>
    /// <param name="bound">The longest wait.</param>
    /// <param name="ask">The question; null says that there is no answer yet.</param>
    /// <exception cref="TimeoutException">There was no answer within <paramref name="bound"/>.</exception>
    public static async Task<T> ForAnswerAsync<T>(string what, TimeSpan bound, Func<Task<T?>> ask)
        where T : class
    {
        T? answer = null;
        await UntilAsync(what, bound, async () => (answer = await ask()) is not null);
        return answer!;
    }

    /// <summary>Waits for a task that something else completes.</summary>
    /// <param name="task">The task.</param>
    /// <param name="what">Completes the sentence "... did not come within a minute".</param>
    /// <param name="bound">The longest wait.</param>
    /// <exception cref="TimeoutException">The task has not ended within <paramref name="bound"/>.</exception>
    public static async Task ForAsync(Task task, string what, TimeSpan bound)
    {
        try
        {
            await task.WaitAsync(bound, TimeProvider.System);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"{what} did not come within {bound.TotalSeconds:0} s.");
        }
    }
}
