namespace CioOrleans.Grains.Workspaces;

/// <summary>What the failure of a grain call says about it.</summary>
internal static class GrainCalls
{
    /// <summary>
    /// Whether the called method certainly did not run. Orleans rejects a message only before its grain sees it, as a silo does that stops.
    /// Exactly that type: <see cref="SiloUnavailableException"/> derives from it and says that the silo died, perhaps in the middle of the call.
    /// </summary>
    public static bool NeverRan(Exception exception) => exception.GetType() == typeof(OrleansMessageRejectionException);
}
