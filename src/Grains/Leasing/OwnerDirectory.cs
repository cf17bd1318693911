namespace CioOrleans.Grains.Leasing;

/// <summary>The grain directory of the workspaces' owners: a registration of its own, apart from that of all other grains.</summary>
public static class OwnerDirectory
{
    /// <summary>Its name in <c>[GrainDirectory]</c>. A host registers it with <c>AddGrainDirectory</c>.</summary>
    public const string Name = "workspace-owners";
}
