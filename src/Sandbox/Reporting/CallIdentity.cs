namespace CioOrleans.Sandbox.Reporting;

/// <summary>What makes a repeat harmless, folded to 8 bytes: the event's id and the timestamp that first came with a seq.</summary>
internal readonly record struct CallIdentity(uint EventId, uint Timestamp)
{
    public static CallIdentity Of(in ProcessedCall call) => new(Fold(call.EventId), Fold(call.Timestamp));

    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));
}
