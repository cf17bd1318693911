using System.Data.Common;
using Orleans.Serialization;

namespace CioOrleans.Client.Operating;

/// <summary>The exceptions of a grain call.</summary>
public static class GrainFailures
{
    /// <summary>Whether a grain was not reached, or could not read or write its storage.</summary>
    public static bool IsOfGrain(Exception exception) => exception is TimeoutException or OrleansException or DbException or UnavailableExceptionFallbackException;
}
