namespace CioOrleans.Client.Operating;

/// <summary>
/// How long an operator's request works in parts before it answers what it has done so far: 20 s. Its caller repeats the request, or continues where the answer
/// says.
/// </summary>
/// <param name="time">The monotonic clock.</param>
public readonly struct OperatorPatience(TimeProvider time)
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);

    private readonly long _began = time.GetTimestamp();

    /// <summary>Whether the request must answer now.</summary>
    public bool IsOver => time.GetElapsedTime(_began) > _longest;

    /// <summary>Carries out parts, one at least, until the work is complete or the patience is over. Returns what the last part returned.</summary>
    /// <param name="begin">What the first part gets.</param>
    /// <param name="next">Carries out a part. It gets what the part before returned.</param>
    /// <param name="isComplete">Whether nothing is left to do.</param>
    public async Task<T> RepeatAsync<T>(T begin, Func<T, Task<T>> next, Func<T, bool> isComplete)
    {
        var total = begin;
        do
        {
            total = await next(total);
        }
        while (!isComplete(total) && !IsOver);
        return total;
    }
}
