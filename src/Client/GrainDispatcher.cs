using CioOrleans.Calls;
using CioOrleans.Client.Imports;

namespace CioOrleans.Client;

/// <inheritdoc cref="IDispatcher"/>
internal sealed class GrainDispatcher(CallFactory calls, CallSubmitter submitter, ImportRunner imports) : IDispatcher
{
    public IWorkspaceDispatcher Workspace(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"'{name}' holds a slash; no workspace has one in its name.", nameof(name))
            : new WorkspaceDispatcher(name, CallPriority.Live, calls, submitter, imports);
    }
}
