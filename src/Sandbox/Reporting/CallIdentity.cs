namespace CioOrleans.Sandbox.Reporting;

/// <summary>The event id and the timestamp of a call, folded to 8 bytes. A repeat is harmless if both are the same as in the first call with its seq.</summary>
internal readonly record struct CallIdentity(uint EventId, uint Timestamp)
{
    public static CallIdentity Of(in ProcessedCall call) => new(Fold(call.EventId), Fold(call.Timestamp));

    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));
}
