using CioOrleans.Client;
using CioOrleans.Client.Operating;
using CioOrleans.Console.Access;
using CioOrleans.Customers;
using CioOrleans.Workspaces;
using Microsoft.AspNetCore.Components.Authorization;

namespace CioOrleans.Console.Layout;

/// <summary>The person who looks at one page, and the changes that this person makes.</summary>
internal sealed class Visitor(AuthenticationStateProvider authentication, ConsoleGate gate, AuditTrail audit, IGrainFactory grains, AcceptDeadlines deadlines)
{
    private const int Done = 200;
    private const int Unavailable = 503;

    /// <summary>The caller; null once the session has ended.</summary>
    public async Task<ConsoleCaller?> FindAsync() => gate.Find((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>Makes a change, recorded as one of the admin API.</summary>
    /// <param name="action">Method and path of the same call of the admin API.</param>
    /// <param name="selection">What is selected.</param>
    /// <param name="change">Makes the change. Returns why it was not made; null if it was.</param>
    /// <returns>Why the change was not made; null if it was.</returns>
    public async Task<string?> ChangeAsync(string action, string selection, Func<Task<string?>> change)
    {
        if (await FindAsync() is not { MayOperate: true } caller)
        {
            return "The session has ended, or its key has the role Read.";
        }

        var (entry, unrecorded) = await audit.BeginAsync(caller.Name, action, selection);
        if (entry is null)
        {
            return $"Nothing was done, because it cannot be recorded: {unrecorded}";
        }

        try
        {
            var problem = await change();
            await audit.EndAsync(entry, problem is null ? Done : Unavailable);
            return problem;
        }
        catch (Exception exception) when (GrainFailures.IsOfGrain(exception) || exception is IOException or ArgumentException)
        {
            await audit.EndAsync(entry, Unavailable);
            return "The workspace does not answer at the moment; whether the change was made is not known.";
        }
    }

    /// <summary>Replays one dead letter, or discards it, recorded as the same call of the admin API.</summary>
    /// <returns>Why nothing was done; null if it was.</returns>
    public Task<string?> SettleAsync(string workspace, Ulid deadLetter, bool isReplay)
    {
        var (method, verb) = isReplay ? ("POST", "/replay") : ("DELETE", "");
        return ChangeAsync(
            $"{method} /admin/workspaces/{{workspace}}/dead-letters/{{id}}{verb}",
            $"/admin/workspaces/{workspace}/dead-letters/{deadLetter}{verb}",
            async () => isReplay
                ? await DeadLetterReplay.RunAsync(grains, deadlines, workspace, deadLetter) switch
                {
                    ReplayResult.Absent => "It is no dead letter any more.",
                    ReplayResult.Unavailable unavailable => unavailable.Reason,
                    _ => null,
                }
                : await grains.GetGrain<IDeadLetterGrain>(workspace).Discard(deadLetter) ? null : "It is no dead letter any more.");
    }
}
