namespace CioOrleans.Grains.Workspaces;

/// <summary>A workspace was to be placed on a silo that is about to stop; a repeat finds another.</summary>
[GenerateSerializer, Alias("cio.SiloLeavingException")]
public sealed class SiloLeavingException() : InvalidOperationException("This silo is about to stop and takes no workspace any more.");
