using CioOrleans.Api.Authentication;
using Microsoft.Extensions.Options;

namespace CioOrleans.Api;

/// <summary>Stops the start where a setting of the front-end cannot work.</summary>
internal sealed class ApiOptionsValidator(IWorkspaceDirectory workspaces) : IValidateOptions<ApiOptions>
{
    public const int LeastMaxBodyBytes = 100_000;
    public const int MostMaxBodyBytes = 16 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        List<string> problems = [];
        if (options.MaxBodyBytes is < LeastMaxBodyBytes or > MostMaxBodyBytes)
        {
            problems.Add($"Dispatcher:MaxBodyBytes is {options.MaxBodyBytes}; allowed is {LeastMaxBodyBytes} to {MostMaxBodyBytes}.");
        }

        if (options.DefaultWorkspace is { } workspace && !workspaces.TryFindByName(workspace, out _))
        {
            problems.Add($"Dispatcher:DefaultWorkspace is '{workspace}'; allowed is the name of a workspace under Dispatcher:Workspaces.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
