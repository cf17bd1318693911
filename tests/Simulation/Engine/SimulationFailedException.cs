namespace CioOrleans.Simulation;

/// <summary>A run broke a promise. The message holds what is needed to repeat it.</summary>
internal sealed class SimulationFailedException : Exception
{
    public SimulationFailedException(int seed, TimeSpan at, string what, Exception? cause = null)
        : base($"seed {seed} at {at}: {what} (repeat with CIO_SEED={seed} dotnet test tests/Simulation)", cause)
    {
    }
}
