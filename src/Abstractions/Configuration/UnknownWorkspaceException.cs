namespace CioOrleans.Configuration;

/// <summary>A grain was called for a workspace that is not configured on its silo.</summary>
[GenerateSerializer, Alias("cio.UnknownWorkspaceException")]
public sealed class UnknownWorkspaceException(string workspace)
    : InvalidOperationException($"The workspace '{workspace}' is not configured here. Add it under Dispatcher:Workspaces on every silo.")
{
    [Id(0)]
    public string Workspace { get; } = workspace;
}
