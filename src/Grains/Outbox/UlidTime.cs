namespace CioOrleans.Grains.Outbox;

public static class UlidTime
{
    private static readonly byte[] _least = new byte[10];

    /// <summary>The least id that can be made at that time; all ids made before are less.</summary>
    public static Ulid FirstUlid(this DateTimeOffset time) => Ulid.NewUlid(time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time, _least);
}
